import { BRIEF_GROUPS, type Brief, type BriefDraft, type BriefGroup } from './brief.js';

/** A path to one field of the brief, the unit of citation and re-use. */
export type FieldPath = `${BriefGroup}.${string}`;

/** A fault in one place of a request body. */
export interface FieldFault {
  /** Dotted path with list positions, as in `brief.business.objectives.0`. */
  path: string;
  code: string;
  message: string;
}

interface BriefField {
  path: FieldPath;
  isRequired: boolean;
}

const field = (path: FieldPath, isRequired = false): BriefField => ({ path, isRequired });

/** All fields of the brief, in the order of the form. */
export const BRIEF_FIELDS: readonly BriefField[] = [
  field('business.objectives', true),
  field('business.targetMetrics', true),
  field('business.industry'),
  field('business.country'),
  field('business.budget'),
  field('business.team'),
  field('business.startDate'),
  field('business.horizonWeeks'),
  field('business.marketShare'),
  field('business.position'),
  field('audience.painPoints', true),
  field('audience.preferences', true),
  field('audience.personas'),
  field('audience.buyingJourney'),
  field('audience.seasonality'),
  field('audience.engagement'),
  field('competition.competitors', true),
  field('competition.knownGaps'),
  field('competition.trends'),
  field('content.formats', true),
  field('content.frequency', true),
  field('content.voice', true),
  field('content.mix'),
  field('content.timing'),
  field('content.quality'),
  field('content.guidelines'),
  field('content.languages'),
  field('analytics.trafficSources'),
  field('analytics.conversionRates'),
  field('analytics.targets'),
  field('analytics.testing'),
];

/** The value at a field path, or `undefined`. */
export function readField(brief: BriefDraft, path: FieldPath): unknown {
  const [group, key] = path.split('.') as [BriefGroup, string];
  const values = brief[group] as Record<string, unknown> | undefined;
  return values?.[key];
}

// `competitors: []` is an answer ("none"); elsewhere an empty list or object says nothing. `false` and `0` are answers.
function isFilled(path: FieldPath, value: unknown): boolean {
  if (value === undefined || value === '') return false;
  if (path === 'competition.competitors') return Array.isArray(value);
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return true;
}

/** Whether a field of the brief says something. */
export function isFieldFilled(brief: BriefDraft, path: FieldPath): boolean {
  return isFilled(path, readField(brief, path));
}

/** How far each group is filled in. */
export interface GroupCompleteness {
  group: BriefGroup;
  filled: number;
  total: number;
  missingRequired: FieldPath[];
}

/** Counts filled fields by group. */
export function measureCompleteness(brief: BriefDraft): GroupCompleteness[] {
  return BRIEF_GROUPS.map((group) => {
    const fields = BRIEF_FIELDS.filter(({ path }) => path.startsWith(`${group}.`));
    const missing = fields.filter(({ path }) => !isFieldFilled(brief, path));
    return {
      group,
      filled: fields.length - missing.length,
      total: fields.length,
      missingRequired: missing.filter(({ isRequired }) => isRequired).map(({ path }) => path),
    };
  });
}

/** The brief with all its groups, or what a run would miss. */
export function completeBrief(draft: BriefDraft): { brief: Brief } | { faults: FieldFault[] } {
  const faults = BRIEF_FIELDS.filter(({ path, isRequired }) => isRequired && !isFieldFilled(draft, path)).map(
    ({ path }): FieldFault => ({
      path: `brief.${path}`,
      code: 'required',
      message: `Fill in ${path} before you start a run.`,
    }),
  );
  if (faults.length > 0) return { faults };
  return { brief: { ...draft, analytics: draft.analytics ?? {} } as Brief };
}
