import type { InsightFinding, Section } from '@throughline/strategy-contract';
import { assumed, computed } from '../findings/figures.js';
import { mergeInputs } from '../findings/inputs.js';
import { say } from '../findings/wording.js';
import { stepsPassed, type RiskDraft } from './risk-desk.js';

type Insights = Section<InsightFinding>;

const figureOf = (insights: Insights, name: string) =>
  insights.findings
    .map((finding) => ({ finding, figure: finding.figures[name] }))
    .find(({ figure }) => figure !== undefined);

/** Old pages. */
export function staleRisk(insights: Insights): RiskDraft[] {
  const found = figureOf(insights, 'oldShare');
  if (found?.figure === undefined) return [];
  const share = found.figure.value as number;
  if (share < 0.3) return [];
  const threshold = assumed(0.3, 'share');
  return [
    {
      rule: 'stale content',
      title: 'Readers act on pages that are out of date',
      why: `${found.finding.title}, against a threshold of ${say(threshold)}.`,
      drivers: [found.finding.title],
      mitigation:
        'Take the refreshes of the calendar first where a page answers a pain point; redirect what is no longer true.',
      figures: {
        oldShare: found.figure,
        ...(found.finding.figures['threshold'] === undefined ? {} : { age: found.finding.figures['threshold'] }),
        threshold,
      },
      inputs: insights.inputsUsed,
      method: 'Share of old pages against a threshold',
      score: { likelihood: stepsPassed(share, [0.3, 0.5, 0.7, 0.9]), impact: 3 },
    },
  ];
}

/** A plan that asks for more than the last year saw. */
export function paceRisk(insights: Insights, plannedPerYear: number, rows: RiskDraft['inputs']): RiskDraft[] {
  const found = figureOf(insights, 'lastYear');
  if (found?.figure === undefined || plannedPerYear === 0) return [];
  const published = found.figure.value as number;
  const ratio = plannedPerYear / Math.max(1, published);
  if (ratio < 1.5) return [];
  const planned = computed(Math.round(plannedPerYear), 'items', 'items of the calendar, carried on for a year');
  const times = computed(ratio, 'times', 'planned items a year ÷ pages of the last year (at least one)');
  return [
    {
      rule: 'pace',
      title: 'The plan asks for a pace that the site has not kept lately',
      why: `It comes to ${say(planned)} a year, where the last twelve months brought ${published === 0 ? 'no page' : say(found.figure)}.`,
      drivers: [`Planned: ${say(planned)} a year`, `Last twelve months: ${say(found.figure)}`],
      mitigation: 'Hold the first month at half the pace, and raise it once items come out on their dates.',
      figures: { planned, lastYear: found.figure, ratio: times },
      inputs: mergeInputs(rows, insights.inputsUsed),
      method: 'Items of the calendar a year against pages of the last twelve months',
      score: { likelihood: stepsPassed(ratio, [1.5, 2, 3, 5]), impact: 4 },
    },
  ];
}

/** Times an even spread from which on three topics hold more than their share. */
const UNEVEN = 1.5;

/** What is published rests on few topics. */
export function concentrationRisk(insights: Insights): RiskDraft[] {
  const found = figureOf(insights, 'topThree');
  if (found?.figure === undefined || (found.figure.value as number) < 0.5) return [];
  const share = found.figure.value as number;
  // With few topics the three largest hold half of the pages however evenly they are spread.
  const topics = (found.finding.figures['topics']?.value as number | undefined) ?? 0;
  if (share < UNEVEN * (3 / Math.max(3, topics))) return [];
  return [
    {
      rule: 'concentration',
      title: 'Most of the content rests on three topics',
      why: `${found.finding.title}; if interest in them falls, so does most of the site.`,
      drivers: [found.finding.title],
      mitigation: 'Give one item in three to topics outside of them.',
      figures: { topThree: found.figure },
      inputs: insights.inputsUsed,
      method: 'Share of pages in the three largest topics',
      score: { likelihood: stepsPassed(share, [0.5, 0.6, 0.7, 0.8]), impact: 3 },
    },
  ];
}
