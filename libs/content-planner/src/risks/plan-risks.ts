import { type CalendarFinding, type Figure, type RiskFinding, type Section } from '@throughline/strategy-contract';
import { readHorizon } from '../context/horizon.js';
import type { SectionContext } from '../context/section-context.js';
import { computed, observed, stated } from '../findings/figures.js';
import { fields, mergeInputs } from '../findings/inputs.js';
import { ready } from '../findings/sections.js';
import { joinWords, monthName, quote, say, sayNumber } from '../findings/wording.js';
import { readSeasonality } from '../insights/season.js';
import { concentrationRisk, marketRisk, paceRisk, staleRisk } from './content-risks.js';
import { stepsPassed, writeRisks, type RiskDraft } from './risk-desk.js';
import { measurementRisks, targetRisks } from './goal-risks.js';

type Calendar = Section<CalendarFinding>;

/** Share of the team's hours from which on a calendar leaves little slack. */
const LITTLE_SLACK = 0.85;

const hoursOf = (findings: readonly CalendarFinding[]): number =>
  findings.reduce((sum, { figures }) => sum + ((figures['hours']?.value as number | undefined) ?? 0), 0);

/** Whether the team's hours hold the calendar, and on whom it rests. */
function capacityRisks(context: SectionContext, calendar: Calendar | undefined): RiskDraft[] {
  const team = context.brief.read('business.team');
  const { weeks } = readHorizon(context);
  const inputs = mergeInputs(fields('business.team', 'business.horizonWeeks'), calendar?.inputsUsed ?? []);
  if (team === undefined) {
    return [
      {
        rule: 'capacity',
        title: 'The team may not have the hours',
        why: 'The brief states no hours, so nothing checks that the calendar can be kept.',
        drivers: ['No team hours are stated'],
        mitigation: 'State the hours a week and the hours per format before promising dates.',
        figures: {},
        inputs,
        method: 'Hours that the items take against hours stated',
      },
    ];
  }
  const entries = (calendar?.findings ?? []).filter(({ kind }) => kind === 'entry');
  const available = computed(
    team.reduce((sum, { hoursPerWeek }) => sum + hoursPerWeek, 0) * weeks,
    'hours',
    'hours a week of all roles × weeks of the plan',
  );
  const needed = computed(hoursOf(entries), 'hours', 'sum of the hours of the scheduled items');
  const load = (needed.value as number) / Math.max(1, available.value as number);
  const waiting = (calendar?.findings ?? []).filter(
    ({ kind, constraint = '' }) => kind === 'unscheduled' && constraint.includes('Hours of'),
  );
  const share = computed(load, 'share', 'hours of the scheduled items ÷ hours of the team');
  const kept = observed(waiting.length, 'items');
  const roles = joinWords(
    team.map(({ role, hoursPerWeek }) => `${quote(role)} with ${say(stated(hoursPerWeek, 'hours'))} a week`),
  );
  const hours: Record<string, Figure> = Object.fromEntries(
    team.map(({ role, hoursPerWeek }) => [`${role} hours`, stated(hoursPerWeek, 'hours/week')]),
  );
  const isKnown = (needed.value as number) > 0;
  return [
    {
      rule: 'capacity',
      title:
        waiting.length > 0
          ? 'Hours, not ideas, hold the calendar back'
          : isKnown
            ? load >= LITTLE_SLACK
              ? 'The calendar leaves the team little slack'
              : 'The team’s hours cover the calendar, as far as they are stated'
            : 'The team may not have the hours',
      why: isKnown
        ? `The scheduled items take ${say(needed)}, ${say(share)} of the ${say(available)} of the team before holidays and other work${waiting.length === 0 ? '' : `, and ${say(kept)} wait for hours`}.`
        : `The team has ${say(available)} over the plan, but the brief does not say how many an item takes.`,
      drivers: [`Team: ${roles}`, ...waiting.slice(0, 3).map(({ title }) => `Waiting: ${title}`)],
      mitigation:
        waiting.length > 0
          ? 'Add hours to the role that binds, or drop the longest format from the mix.'
          : 'Keep one slot in five free for what nobody planned.',
      figures: { available, ...(isKnown ? { needed, share, waiting: kept } : {}), ...hours },
      inputs,
      method: 'Hours that the scheduled items take against hours stated',
      ...(isKnown ? { score: { likelihood: stepsPassed(load, [0.5, 0.7, 0.85, 0.95]), impact: 4 } } : {}),
    },
    ...ownerRisk(entries, inputs),
  ];
}

function ownerRisk(entries: readonly CalendarFinding[], inputs: RiskDraft['inputs']): RiskDraft[] {
  const owned = entries.filter(({ owner }) => owner !== undefined);
  const counts = new Map<string, number>();
  for (const { owner } of owned) counts.set(owner as string, (counts.get(owner as string) ?? 0) + 1);
  const [most] = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  if (most === undefined || most[1] / owned.length < 0.8) return [];
  const items = observed(most[1], 'items');
  const share = computed(most[1] / owned.length, 'share', 'items of the role ÷ items with an owner');
  return [
    {
      rule: 'single owner',
      title: `The calendar rests on the ${most[0]}`,
      why: `The role owns ${say(items)}, ${say(share)} of the calendar; when it is away, nearly nothing comes out.`,
      drivers: [`${say(items)} owned by one role`],
      mitigation: 'Name a second owner for the items of the first two months.',
      figures: { items, share },
      inputs,
      method: 'Items by the role that gives most of their hours',
      score: { likelihood: stepsPassed(share.value as number, [0.6, 0.7, 0.8, 0.95]), impact: 3 },
    },
  ];
}

/** Whether what the plan brings out meets the audience's peaks. */
function seasonRisk(context: SectionContext, calendar: Calendar | undefined): RiskDraft[] {
  const entries = context.brief.read('audience.seasonality');
  if (entries === undefined) return [];
  const { months } = readSeasonality(entries);
  const dated = (calendar?.findings ?? []).filter(({ kind, date }) => kind === 'entry' && date !== undefined);
  const inputs = mergeInputs(fields('audience.seasonality'), calendar?.inputsUsed ?? []);
  const named = joinWords(entries.map(quote));
  const base = {
    rule: 'season',
    inputs,
    method: 'Items of the calendar in the months that the brief names, against an even spread',
    drivers: [`Peaks by the brief: ${named}`],
  };
  if (months.length === 0 || dated.length === 0) {
    return [
      {
        ...base,
        title: 'The plan may miss the audience’s peaks',
        why: `The brief names ${named}; in which month that falls is not stated, so the calendar cannot meet it.`,
        mitigation: 'State the months.',
        figures: {},
      },
    ];
  }
  const inPeaks = dated.filter(({ date = '' }) => months.includes(Number(date.slice(5, 7)))).length;
  const items = observed(inPeaks, 'items');
  const share = computed(inPeaks / dated.length, 'share', 'items in peak months ÷ items');
  const even = computed(months.length / 12, 'share', 'peak months ÷ 12');
  const lack = 1 - (share.value as number) / (even.value as number);
  return [
    {
      ...base,
      title:
        inPeaks === 0 ? 'Nothing comes out in the audience’s peak months' : 'The audience’s peaks and the calendar',
      why: `The brief names ${named}; ${inPeaks === 0 ? 'no item falls' : `${say(items)} ${inPeaks === 1 ? 'falls' : 'fall'}`} in ${joinWords(months.map(monthName))}, ${say(share)} of the calendar against ${say(even)} by an even spread.`,
      mitigation:
        inPeaks === 0
          ? 'Start earlier or plan longer, so that the peak lies within the plan, and prepare its items a month ahead.'
          : 'Have what comes out in the peak finished a month before.',
      figures: { items, share, even },
      score: { likelihood: stepsPassed(lack, [0.1, 0.3, 0.6, 0.9]), impact: 3 },
    },
  ];
}

function languageRisk(context: SectionContext, calendar: Calendar | undefined): RiskDraft[] {
  const languages = context.brief.read('content.languages') ?? [];
  if (languages.length < 2) return [];
  const count = observed(languages.length, 'other');
  return [
    {
      rule: 'languages',
      title: 'Translation has no hours',
      why: `Items are to come out in ${joinWords(languages)}, that is ${sayNumber(count)} languages, and the hours stated are for writing one.`,
      drivers: [`Languages: ${joinWords(languages)}`],
      mitigation: 'State the hours that a translation takes, or name the items that need one.',
      figures: { languages: count },
      inputs: mergeInputs(fields('content.languages'), calendar?.inputsUsed ?? []),
      method: 'Languages asked for against hours stated',
    },
  ];
}

/** What could go wrong, each by a rule, with what drives it. */
export function planRisks(context: SectionContext): Section<RiskFinding> {
  const calendar = context.section('calendar');
  const insights = context.section('insights');
  const { weeks } = readHorizon(context);
  const entries = (calendar?.findings ?? []).filter(({ kind }) => kind === 'entry').length;
  const drafts: RiskDraft[] = [
    ...capacityRisks(context, calendar),
    ...(insights === undefined
      ? []
      : [
          ...paceRisk(insights, (entries / weeks) * 52, calendar?.inputsUsed ?? []),
          ...staleRisk(insights),
          ...concentrationRisk(insights),
        ]),
    ...marketRisk(context),
    ...targetRisks(context),
    ...measurementRisks(context),
    ...seasonRisk(context, calendar),
    ...languageRisk(context, calendar),
  ];
  context.report({ done: 1, total: 1, message: `Checked the plan by ${drafts.length} rules` });
  return ready(context, writeRisks(drafts));
}
