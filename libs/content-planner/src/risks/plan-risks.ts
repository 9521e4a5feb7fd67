import { type CalendarFinding, type RiskFinding, type Section } from '@throughline/strategy-contract';
import { readHorizon } from '../context/horizon.js';
import type { SectionContext } from '../context/section-context.js';
import { computed, counted } from '../findings/figures.js';
import { fields, mergeInputs } from '../findings/inputs.js';
import { ready } from '../findings/sections.js';
import { joinWords, languageName, monthName, quote, say, sayNumber } from '../findings/wording.js';
import { readSeasonality } from '../insights/season.js';
import { capacityRisks } from './capacity-risks.js';
import { concentrationRisk, paceRisk, staleRisk } from './content-risks.js';
import { marketRisk } from './market-risk.js';
import { stepsPassed, writeRisks, type RiskDraft } from './risk-desk.js';
import { conflictRisks, measurementRisks, targetRisks } from './goal-risks.js';

type Calendar = Section<CalendarFinding>;

/** Months, 1 to 12, from the first to the last of some dated entries. */
function monthsBetween(entries: readonly CalendarFinding[]): number[] {
  const index = (date: string): number => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1;
  const indices = entries.map(({ date = '' }) => index(date)).sort((a, b) => a - b);
  const [first, last] = [indices[0] ?? 0, indices[indices.length - 1] ?? 0];
  return Array.from({ length: Math.min(12, last - first + 1) }, (_, at) => ((first + at) % 12) + 1);
}

/** Whether what the plan brings out meets the audience's peaks. */
function seasonRisk(context: SectionContext, calendar: Calendar | undefined): RiskDraft[] {
  const entries = context.brief.read('audience.seasonality');
  if (entries === undefined) return [];
  const { months, events } = readSeasonality(entries);
  const dated = (calendar?.findings ?? []).filter(({ kind, date }) => kind === 'entry' && date !== undefined);
  const inputs = mergeInputs(fields('audience.seasonality'), calendar?.inputsUsed ?? []);
  const named = joinWords([
    ...months.map(monthName),
    ...events.filter((event) => readSeasonality([event]).months.length === 0).map(quote),
  ]);
  const base = {
    rule: 'season',
    inputs,
    method: 'Items of the calendar in the months that the brief names, against an even spread',
    drivers: [`Peaks by the brief: ${joinWords([...months.map(monthName), ...events.map(quote)])}`],
  };
  if (months.length === 0 || dated.length === 0) {
    return [
      {
        ...base,
        title: 'The plan may miss the audience’s peaks',
        why:
          months.length === 0
            ? `The brief names ${named}; in which month that falls is not stated, so the calendar cannot meet it.`
            : `The brief names ${named} as peaks, and there is no calendar to meet them.`,
        mitigation: months.length === 0 ? 'State the months.' : 'Fill the calendar first.',
        figures: {},
      },
    ];
  }
  const inPeaks = dated.filter(({ date = '' }) => months.includes(Number(date.slice(5, 7)))).length;
  const items = counted(inPeaks, 'items', 'calendar');
  const share = computed(inPeaks / dated.length, 'share', 'items in peak months ÷ items');
  const even = computed(months.length / 12, 'share', 'peak months ÷ 12');
  const isOutside = inPeaks === 0 && !monthsBetween(dated).some((month) => months.includes(month));
  const lack = 1 - (share.value as number) / (even.value as number);
  if (lack <= 0) return [];
  return [
    {
      ...base,
      title: isOutside
        ? 'The audience’s peak lies outside of the plan'
        : inPeaks === 0
          ? 'Nothing comes out in the audience’s peak months'
          : 'Little comes out in the audience’s peak months',
      why: `The brief names ${named} as ${months.length === 1 ? 'the peak' : 'peaks'}; ${inPeaks === 0 ? 'no item falls' : `${say(items)} ${inPeaks === 1 ? 'falls' : 'fall'}`} in ${joinWords(months.map(monthName))}, ${say(share)} of the calendar against ${say(even)} by an even spread.`,
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
  const languages = (context.brief.read('content.languages') ?? []).map(languageName);
  if (languages.length < 2) return [];
  const count = counted(languages.length, 'languages', 'brief');
  return [
    {
      rule: 'languages',
      title: 'Translation has no hours',
      why: `Items are to come out in ${joinWords(languages)}, and the brief states no hours for bringing one into ${sayNumber(count)} languages.`,
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
    ...conflictRisks(context),
    ...measurementRisks(context),
    ...seasonRisk(context, calendar),
    ...languageRisk(context, calendar),
  ];
  context.report({ done: 1, total: 1, message: `Checked the plan by ${drafts.length} rules` });
  return ready(context, writeRisks(drafts));
}
