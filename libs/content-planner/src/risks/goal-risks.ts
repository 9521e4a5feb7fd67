import type { SectionContext } from '../context/section-context.js';
import { computed, observed, stated } from '../findings/figures.js';
import { fields } from '../findings/inputs.js';
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
      ratio: computed(target / baseline, 'other', 'target ÷ baseline'),
    };
    return [
      {
        rule: 'target',
        title: `The target for ${quote(name)} is far off`,
        why: `It is ${sayNumber(figures.ratio)} times where the figure stands: ${say(figures.target)} against ${say(figures.baseline)}.`,
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

/** Goals that cannot be followed, or traced to what was done. */
export function measurementRisks(context: SectionContext): RiskDraft[] {
  const metrics = context.brief.read('business.targetMetrics') ?? [];
  const sources = context.brief.read('analytics.trafficSources') ?? [];
  const isTesting = context.brief.read('analytics.testing');
  const risks: RiskDraft[] = [];
  const blind = metrics.filter(({ baseline, target }) => baseline === undefined || target === undefined);
  if (blind.length > 0) {
    const count = observed(blind.length, 'other');
    risks.push({
      rule: 'missing measurement',
      title: 'Success could not be told from failure',
      why: `For ${joinWords(blind.map(({ name }) => quote(name)))} the brief lacks where the figure stands or where it should get to.`,
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
