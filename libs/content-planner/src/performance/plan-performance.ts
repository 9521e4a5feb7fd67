import type {
  CalendarFinding,
  Figure,
  PerformanceFinding,
  Section,
  TargetMetric,
} from '@throughline/strategy-contract';
import type { SectionContext } from '../context/section-context.js';
import { benchmark, computed, counted, stated } from '../findings/figures.js';
import { fields, mergeInputs } from '../findings/inputs.js';
import { partial, type Supply } from '../findings/sections.js';
import { capitalize, joinWords, quote, say, sayNumber } from '../findings/wording.js';
import { GoalTree } from './goal-tree.js';
import { planTesting } from './plan-testing.js';

function planPerItem(
  tree: GoalTree,
  calendar: Section<CalendarFinding> | undefined,
  metric: TargetMetric,
  goalId: string,
): PerformanceFinding[] {
  const { name, unit, baseline, target } = metric;
  const entries = (calendar?.findings ?? []).filter(({ kind }) => kind === 'entry');
  if (
    calendar === undefined ||
    entries.length === 0 ||
    baseline === undefined ||
    target === undefined ||
    target <= baseline ||
    // A score or a share is no sum that items add to.
    unit === 'other'
  )
    return [];
  const gain = computed(target - baseline, unit, 'target − baseline');
  const items = counted(entries.length, 'items', 'calendar');
  const perItem = computed((target - baseline) / entries.length, unit, '(target − baseline) ÷ items in the calendar');
  return [
    {
      id: tree.id('per item', name),
      kind: 'kpi',
      title: `What each planned item has to bring for ${quote(name)}`,
      why: `To gain ${say(gain)}, each of the ${say(items)} in the calendar has to bring ${sayNumber(perItem)} on average if nothing else changes.`,
      method: 'The gain shared evenly over the items of the calendar',
      inputsUsed: mergeInputs(fields('business.targetMetrics'), calendar.inputsUsed),
      confidence: 'low',
      assumptions: ['All of the gain comes from the planned items, and each brings the same.'],
      figures: { gain, items, perItem },
      parentId: goalId,
      formula: 'gain = items × gain of an item',
    },
  ];
}

// Figures of the brief that no identity took up; none is left out of the tree.
function planOwnFigures(
  tree: GoalTree,
  targets: Record<string, number>,
  rates: Record<string, number>,
): PerformanceFinding[] {
  const isSpare = ([name]: [string, number]): boolean => !tree.used.has(name);
  const ownTargets = Object.entries(targets)
    .filter(isSpare)
    .map(([name, value]): PerformanceFinding => {
      const target = stated(value, 'other');
      return {
        id: tree.id('target', name),
        kind: 'kpi',
        title: capitalize(name),
        why: `The brief sets ${sayNumber(target)} as its target; where it stands today is not stated.`,
        method: 'Taken from the brief as stated',
        inputsUsed: fields('analytics.targets'),
        confidence: 'low',
        assumptions: [],
        figures: { target },
        needs: `where ${quote(name)} stands today (as a target metric with its baseline)`,
      };
    });
  const spare = Object.entries(rates).filter(isSpare);
  if (spare.length === 0) return ownTargets;
  const figures: Record<string, Figure> = Object.fromEntries(spare.map(([name, rate]) => [name, stated(rate, 'rate')]));
  const told = joinWords(Object.entries(figures).map(([name, figure]) => `${quote(name)} at ${say(figure)}`));
  return [
    ...ownTargets,
    {
      id: tree.id('rates'),
      kind: 'kpi',
      title: spare.length === 1 ? 'A rate that no goal takes up' : 'Rates that no goal takes up',
      why: `The brief also states ${told}; no target metric is made of ${spare.length === 1 ? 'it' : 'them'}.`,
      method: 'Taken from the brief as stated',
      inputsUsed: fields('analytics.conversionRates'),
      confidence: 'medium',
      assumptions: [],
      figures,
    },
  ];
}

function planBaseRate(tree: GoalTree, metrics: readonly TargetMetric[]): PerformanceFinding[] {
  if (!metrics.some(({ unit }) => unit === 'visits' || unit === 'clicks')) return [];
  const share = benchmark(5.7, 'percent', 'Ahrefs, “How long does it take to rank in Google?”', 2017);
  return [
    {
      id: tree.id('new pages'),
      kind: 'base_rate',
      title: 'Few new pages rank high within a year',
      why: `Of pages first seen by Ahrefs, ${sayNumber(share)}% stood in the first ten results for at least one query within a year.`,
      method: 'Published study, not worked out from this site',
      inputsUsed: fields('business.targetMetrics'),
      confidence: 'low',
      assumptions: ['Pages drawn at random from the whole web; pages of a known site do better or worse.'],
      figures: { ranked: share },
    },
  ];
}

/** The KPI tree, from the user's own figures. A forecast needs a history that content does not hold. */
export function planPerformance(context: SectionContext): Section<PerformanceFinding> {
  const { brief } = context;
  const metrics = brief.read('business.targetMetrics') ?? [];
  const rates = brief.read('analytics.conversionRates') ?? {};
  const targets = brief.read('analytics.targets') ?? {};
  const sources = brief.read('analytics.trafficSources') ?? [];
  const tree = new GoalTree({ rates, targets, sources, today: context.today });
  const calendar = context.section('calendar');
  const findings = [
    ...metrics.flatMap((metric) => {
      const [goal, ...branches] = tree.grow(metric) as [PerformanceFinding, ...PerformanceFinding[]];
      return [goal, ...branches, ...planPerItem(tree, calendar, metric, goal.id)];
    }),
    ...planOwnFigures(tree, targets, rates),
    ...planTesting(tree, brief.read('analytics.testing'), rates),
    ...planBaseRate(tree, metrics),
  ];
  context.report({ done: 1, total: 2, message: `Worked back from ${metrics.length} goals` });
  return partial(
    context,
    findings,
    'No forecast is made: it takes a history of visits or clicks, and this version reads content only.',
    supplyFor(findings),
  );
}

// What each traffic source brings has no field to state it in, so it is not asked for here.
function supplyFor(findings: readonly PerformanceFinding[]): Supply[] {
  const asked = findings.flatMap(({ needs, title, formula = '' }) =>
    needs === undefined || formula.startsWith('visits =')
      ? []
      : [{ what: needs, adds: `${quote(title)} in the KPI tree` }],
  );
  const merged = new Map<string, Supply>();
  for (const { what, adds } of asked) {
    const known = merged.get(what);
    merged.set(what, known === undefined ? { what, adds } : { what, adds: `${known.adds}, ${adds}` });
  }
  return [
    ...merged.values(),
    {
      what: 'nothing yet, but keep a history of visits or clicks by day, of two years at least, for a version that reads it',
      adds: 'a forecast with bands, checked against the past, and withheld where it would be no better than last year’s figures',
    },
  ];
}
