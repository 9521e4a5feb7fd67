import type { FieldPath } from '@throughline/strategy-contract';
import {
  FORMAT_OPTIONS,
  FREQUENCY_OPTIONS,
  METRIC_UNIT_OPTIONS,
  type Option,
  POSITION_OPTIONS,
  STAGE_OPTIONS,
  VOICE_OPTIONS,
} from './options';

/** One input of a row. */
export interface Column {
  key: string;
  label: string;
  type: 'text' | 'number' | 'date' | 'url' | 'choice' | 'lines' | 'source' | 'format-hours';
  options?: readonly Option[];
  /** A row counts only when its required columns are filled in. */
  isRequired?: boolean;
  placeholder?: string;
  isWide?: boolean;
}

/** How a field is edited. */
export type Editor =
  | { kind: 'text'; placeholder: string }
  | { kind: 'lines'; placeholder: string }
  | { kind: 'number'; min: number; max: number; unit: string; placeholder?: string }
  | { kind: 'date' }
  | { kind: 'choice'; options: readonly Option[] }
  | { kind: 'choices'; options: readonly Option[] }
  | { kind: 'rows'; noun: string; columns: readonly Column[]; none?: string }
  | { kind: 'amounts'; noun: string; names?: readonly Option[]; percent?: 'share' | 'whole'; placeholder?: string }
  | { kind: 'texts'; options: readonly Option[] }
  | { kind: 'country' }
  | { kind: 'money' }
  | { kind: 'timing' }
  | { kind: 'yes-no' };

/** What a field improves, and how it is edited. */
export interface FieldSpec {
  improves: string;
  editor: Editor;
}

/** All fields of the brief. */
export const FIELD_SPECS: Readonly<Record<FieldPath, FieldSpec>> = {
  'business.objectives': {
    improves: 'What the strategy is for: insights, calendar and roadmap are held against it.',
    editor: { kind: 'lines', placeholder: 'More demo requests from mid-size firms' },
  },
  'business.targetMetrics': {
    improves: 'The plan works back from these numbers to what each week must bring.',
    editor: {
      kind: 'rows',
      noun: 'metric',
      columns: [
        { key: 'name', label: 'Metric', type: 'text', isRequired: true, placeholder: 'Demo requests', isWide: true },
        { key: 'unit', label: 'Counts', type: 'choice', options: METRIC_UNIT_OPTIONS, isRequired: true },
        { key: 'baseline', label: 'Now', type: 'number' },
        { key: 'target', label: 'Target', type: 'number' },
        { key: 'by', label: 'By', type: 'date' },
      ],
    },
  },
  'business.industry': {
    improves: 'Shows whether a reader from your field finds its name on your pages.',
    editor: { kind: 'text', placeholder: 'Software for clinics' },
  },
  'business.country': { improves: 'Keeps publishing days off public holidays.', editor: { kind: 'country' } },
  'business.budget': {
    improves: 'Shows what of the plan the money covers.',
    editor: { kind: 'money' },
  },
  'business.team': {
    improves: 'Capacity comes from here: the calendar holds only what these people can make.',
    editor: {
      kind: 'rows',
      noun: 'role',
      columns: [
        { key: 'role', label: 'Role', type: 'text', isRequired: true, placeholder: 'Writer', isWide: true },
        { key: 'hoursPerWeek', label: 'Hours a week', type: 'number', isRequired: true },
        { key: 'hourlyCost', label: 'Cost an hour', type: 'number' },
        { key: 'hoursPerFormat', label: 'Hours per piece, by format', type: 'format-hours', isWide: true },
      ],
    },
  },
  'business.startDate': {
    improves: 'The first day of the calendar. Without it, the plan begins today.',
    editor: { kind: 'date' },
  },
  'business.horizonWeeks': {
    improves: 'How far the plan reaches. Without it, 26 weeks.',
    editor: { kind: 'number', min: 4, max: 104, unit: 'weeks', placeholder: '26' },
  },
  'business.marketShare': {
    improves: 'Says in the risks what is at stake against competitors.',
    editor: { kind: 'number', min: 0, max: 100, unit: '%' },
  },
  'business.position': {
    improves: 'A leader risks other things than a challenger; the risks take it into account.',
    editor: { kind: 'choice', options: POSITION_OPTIONS },
  },
  'audience.painPoints': {
    improves: 'Topics that answer these come first.',
    editor: { kind: 'lines', placeholder: 'Reports take a day each week' },
  },
  'audience.preferences': {
    improves: 'Formats that your audience likes get more of the calendar.',
    editor: { kind: 'choices', options: FORMAT_OPTIONS },
  },
  'audience.personas': {
    improves: 'Needs that no page answers get a place in the calendar.',
    editor: {
      kind: 'rows',
      noun: 'persona',
      columns: [
        { key: 'name', label: 'Name', type: 'text', isRequired: true, placeholder: 'Practice manager' },
        { key: 'role', label: 'Role', type: 'text', placeholder: 'Buys, doesn’t use' },
        { key: 'needs', label: 'Needs', type: 'lines', isWide: true },
      ],
    },
  },
  'audience.buyingJourney': {
    improves: 'Shows which stage your content leaves alone.',
    editor: { kind: 'texts', options: STAGE_OPTIONS },
  },
  'audience.seasonality': {
    improves: 'Shows whether you publish in the months that matter, and steers the calendar.',
    editor: { kind: 'lines', placeholder: '09\nBlack Friday' },
  },
  'audience.engagement': {
    improves: 'Says which formats your audience answers to.',
    editor: { kind: 'amounts', noun: 'measure', placeholder: 'Newsletter opens' },
  },
  'competition.competitors': {
    improves: 'With their content imported, gaps and strengths are counted instead of guessed.',
    editor: {
      kind: 'rows',
      noun: 'competitor',
      none: 'There are no competitors to compare with',
      columns: [
        { key: 'name', label: 'Name', type: 'text', isRequired: true, isWide: true },
        { key: 'url', label: 'Website', type: 'url', placeholder: 'https://example.org' },
        { key: 'sourceId', label: 'Their content', type: 'source' },
      ],
    },
  },
  'competition.knownGaps': {
    improves: 'Each one is looked up in your pages and theirs.',
    editor: { kind: 'lines', placeholder: 'Nobody explains the migration' },
  },
  'competition.trends': {
    improves: 'Each one is looked up in your pages; those without one are named.',
    editor: { kind: 'lines', placeholder: 'Electronic prescriptions' },
  },
  'content.formats': {
    improves: 'The calendar plans only what you can make.',
    editor: { kind: 'choices', options: FORMAT_OPTIONS },
  },
  'content.frequency': {
    improves: 'What you wish for is compared with what the team’s hours allow.',
    editor: { kind: 'choice', options: FREQUENCY_OPTIONS },
  },
  'content.voice': {
    improves: 'Becomes a mark by which each piece is accepted.',
    editor: { kind: 'choice', options: VOICE_OPTIONS },
  },
  'content.mix': {
    improves: 'Sets the share of each format. The shares add up to 100 %.',
    editor: { kind: 'amounts', noun: 'format', names: FORMAT_OPTIONS, percent: 'whole' },
  },
  'content.timing': {
    improves: 'Puts pieces on the days and at the hour that suit you.',
    editor: { kind: 'timing' },
  },
  'content.quality': {
    improves: 'Becomes the checklist of each piece.',
    editor: { kind: 'lines', placeholder: 'An expert has read it' },
  },
  'content.guidelines': {
    improves: 'A piece counts as done only if it follows these.',
    editor: { kind: 'lines', placeholder: 'Never name a customer without consent' },
  },
  'content.languages': {
    improves: 'Each piece comes out in these; the risks say if nobody has hours to translate.',
    editor: { kind: 'lines', placeholder: 'en\nde' },
  },
  'analytics.trafficSources': {
    improves: 'Splits the visits that a goal needs; without it, that part stays blank.',
    editor: { kind: 'lines', placeholder: 'Organic search' },
  },
  'analytics.conversionRates': {
    improves: 'Links visits to leads; without it, that part of the goals stays blank.',
    editor: { kind: 'amounts', noun: 'rate', percent: 'share', placeholder: 'Visit to lead' },
  },
  'analytics.targets': {
    improves: 'Adds numbers of your own to the goals.',
    editor: { kind: 'amounts', noun: 'target', placeholder: 'Newsletter readers' },
  },
  'analytics.testing': {
    improves: 'Decides whether goals and roadmap may count on tests.',
    editor: { kind: 'yes-no' },
  },
};
