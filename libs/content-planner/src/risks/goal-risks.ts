import type { SectionContext } from '../context/section-context.js';
import { computed, counted, stated } from '../findings/figures.js';
import { fields, mergeInputs } from '../findings/inputs.js';
import { joinWords, quote, say, sayNumber } from '../findings/wording.js';
import { stepsPassed, type RiskDraft } from './risk-desk.js';

/** Targets far from where the figures stand. */
export function targetRisks(context: SectionContext): RiskDraft[] {
  const metrics = context.brief.read('business.targetMetrics') ?? [];
  return metrics.flatMap(({ name, unit, baseline, target }): RiskDraft[] => {
    if (baseline === undefined || target === undefined || baseline <= 0 || target / baseline < 1.25) return [];
    const figures = {
      baseline: stated(baseline, unit),
      target: stated(target, unit),
      ratio: computed(target / baseline, 'times', 'target ÷ baseline'),
      growth: computed(target / baseline - 1, 'share', 'target ÷ baseline − 1'),
    };
    return [
      {
        rule: 'target',
        title: `${quote(name)} has to rise by ${say(figures.growth)}`,
        why: `The target, ${say(figures.target)}, is ${say(figures.ratio)} the baseline of ${say(figures.baseline)}, and nothing measured says that content alone can do it.`,
        drivers: [`Target ÷ baseline: ${sayNumber(figures.ratio)}`],
        mitigation:
          'Set a mark for the middle of the plan, and decide there whether to raise the effort or lower the target.',
        figures,
        inputs: fields('business.targetMetrics'),
        method: 'Target against baseline',
        score: { likelihood: stepsPassed(target / baseline, [1.25, 1.5, 2, 3]), impact: 4 },
      },
    ];
  });
}

/** Goals that take more visits than another goal aims at. */
export function conflictRisks(context: SectionContext): RiskDraft[] {
  const metrics = context.brief.read('business.targetMetrics') ?? [];
  const performance = context.section('performance');
  const aims = metrics.filter(({ unit, target }) => unit === 'visits' && target !== undefined);
  const [aim] = aims;
  // With several kinds of visits nothing tells which of them a goal draws on.
  if (performance === undefined || aim?.target === undefined || aims.length > 1) return [];
  const target = stated(aim.target, 'visits');
  return performance.findings.flatMap(({ parentId, figures: { needed, rate } }): RiskDraft[] => {
    if (needed?.unit !== 'visits' || rate === undefined || (needed.value as number) <= (target.value as number))
      return [];
    const goal = performance.findings.find(({ id }) => id === parentId)?.title ?? '';
    const excess = (needed.value as number) / (target.value as number);
    return [
      {
        rule: 'conflict',
        title: `${quote(goal)} takes more visits than the plan aims at`,
        why: `At the stated rate of ${say(rate)} it takes ${say(needed)}, where ${quote(aim.name)} aims at ${say(target)}.`,
        drivers: [`Visits needed: ${sayNumber(needed)}`, `Visits aimed at: ${sayNumber(target)}`],
        mitigation: 'Raise the target for visits, lower this one, or plan how the rate is to rise.',
        figures: { needed, rate, target },
        inputs: mergeInputs(fields('business.targetMetrics', 'analytics.conversionRates'), performance.inputsUsed),
        method: 'Visits worked back from a goal against the target for visits',
        assumptions: ['All of these visits are counted by the one target for visits, and over the same time.'],
        score: { likelihood: stepsPassed(excess, [1.05, 1.25, 1.5, 2]), impact: 4 },
      },
    ];
  });
}

/** Goals that cannot be followed, or traced to what was done. */
export function measurementRisks(context: SectionContext): RiskDraft[] {
  const metrics = context.brief.read('business.targetMetrics') ?? [];
  const sources = context.brief.read('analytics.trafficSources') ?? [];
  const isTesting = context.brief.read('analytics.testing');
  const risks: RiskDraft[] = [];
  const blind = metrics.filter(({ baseline, target }) => baseline === undefined || target === undefined);
  if (blind.length > 0) {
    const count = counted(blind.length, 'metrics', 'brief');
    risks.push({
      rule: 'missing measurement',
      title: 'Success could not be told from failure',
      why: `For ${joinWords(blind.map(({ name }) => quote(name)))} the brief does not say where the figure stands or where it should get to.`,
      drivers: blind.map(({ name }) => `${name}: baseline or target missing`),
      mitigation: 'Record the figures before the first item comes out.',
      figures: { metrics: count },
      inputs: fields('business.targetMetrics'),
      method: 'Metrics of the brief without baseline or target',
      score: { likelihood: stepsPassed(blind.length / metrics.length, [0.25, 0.5, 0.75, 1]), impact: 4 },
    });
  }
  if (sources.length === 1) {
    risks.push({
      rule: 'single source',
      title: `All visits are said to come from ${quote(sources[0] as string)}`,
      why: `The brief names no other traffic source than ${quote(sources[0] as string)}; a change of its rules would reach every page at once.`,
      drivers: [`Only source: ${sources[0]}`],
      mitigation: 'Build one source that is your own, such as a newsletter, from the first item on.',
      figures: {},
      inputs: fields('analytics.trafficSources'),
      method: 'Traffic sources that the brief names',
    });
  }
  if (isTesting === false) {
    risks.push({
      rule: 'no tests',
      title: 'Changes cannot be traced to what was done',
      why: 'The brief says that no tests are run, so season and chance look like success.',
      drivers: ['No tests'],
      mitigation: 'Hold back a comparable set of pages from each change.',
      figures: {},
      inputs: fields('analytics.testing'),
      method: 'Testing as the brief states it',
    });
  }
  return risks;
}
