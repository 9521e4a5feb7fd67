import type { Figure, PerformanceFinding, TargetMetric } from '@throughline/strategy-contract';
import type { BriefPath } from '../context/brief-reader.js';
import { daysBetween } from '../findings/dates.js';
import { computed, stated } from '../findings/figures.js';
import { identifiers } from '../findings/identifiers.js';
import { fields } from '../findings/inputs.js';
import { asSentence, capitalize, joinWords, quote, say, sayMonth } from '../findings/wording.js';
import { IDENTITIES } from './identities.js';

/** Figures of the brief that the tree is worked out from. */
export interface StatedFigures {
  rates: Record<string, number>;
  targets: Record<string, number>;
  sources: readonly string[];
  today: string;
}

const METHOD = 'Identities between the metrics, worked back from the stated target with the user’s own rates';

function sayChange(growth: Figure): string {
  const change = growth.value as number;
  return change < 0 ? `a fall of ${say({ ...growth, value: -change })}` : `a rise of ${say(growth)}`;
}

/** The KPI tree: each goal, and one step after the other what it is made of; what cannot be worked out says what it needs. */
export class GoalTree {
  readonly id = identifiers('performance');
  /** Names of rates that found a place. */
  readonly used = new Set<string>();
  /** What each source brings is asked once, however many goals rest on visits. */
  private hasSources = false;

  constructor(private readonly given: StatedFigures) {}

  /** A goal with its branches. */
  grow(metric: TargetMetric): PerformanceFinding[] {
    const goal = this.goal(metric);
    if (metric.target === undefined) return [goal];
    return [goal, ...this.branch(goal, metric.unit, metric.target)];
  }

  private goal(metric: TargetMetric): PerformanceFinding {
    const { name, unit, baseline, target, by } = metric;
    const figures: Record<string, Figure> = {};
    if (baseline !== undefined) figures['baseline'] = stated(baseline, unit);
    if (target !== undefined) figures['target'] = stated(target, unit);
    if (baseline !== undefined && target !== undefined && baseline > 0) {
      figures['growth'] = computed(target / baseline - 1, 'share', 'target ÷ baseline − 1');
    }
    if (by !== undefined && by > this.given.today)
      figures['time'] = computed(daysBetween(this.given.today, by), 'days', `from ${this.given.today} to ${by}`);
    const missing = [
      ...(baseline === undefined ? ['the baseline'] : []),
      ...(target === undefined ? ['the target'] : []),
    ];
    const from = figures['baseline'] === undefined ? '' : `from ${say(figures['baseline'])} `;
    const growth = figures['growth'] === undefined ? '' : `, ${sayChange(figures['growth'])}`;
    const time = figures['time'] === undefined ? '' : `, with ${say(figures['time'])} left`;
    const why =
      target === undefined
        ? `The brief names ${quote(name)} without a target, so nothing can be worked back from it`
        : `The brief asks to get ${from}to ${say(figures['target'] as Figure)}${by === undefined ? '' : ` by ${sayMonth(by)}`}${growth}${time}`;
    return this.finding(name, {
      title: name,
      why: asSentence(why),
      figures,
      cited: ['business.targetMetrics'],
      ...(missing.length === 0 ? {} : { needs: `${joinWords(missing)} of ${quote(name)}` }),
    });
  }

  private branch(parent: PerformanceFinding, unit: TargetMetric['unit'], target: number): PerformanceFinding[] {
    if (unit === 'visits') return this.branchVisits(parent, parent.title);
    const identity = IDENTITIES[unit];
    if (identity === undefined) return [];
    const known = unit === 'revenue' ? this.given.targets : this.given.rates;
    const field: BriefPath = unit === 'revenue' ? 'analytics.targets' : 'analytics.conversionRates';
    const [name, rate] = Object.entries(known).find(([key, value]) => identity.rate.test(key) && value > 0) ?? [];
    const base = {
      title: `${identity.factor} for ${quote(parent.title)}`,
      cited: ['business.targetMetrics', field] as BriefPath[],
      parentId: parent.id,
      formula: identity.formula,
    };
    if (name === undefined || rate === undefined) {
      return [
        this.finding(`${parent.title} ${identity.factor}`, {
          ...base,
          why: `This follows from ${quote(parent.title)} once a rate is known.`,
          figures: {},
          needs: identity.needs,
        }),
      ];
    }
    this.used.add(name);
    const needed = computed(Math.ceil(target / rate), identity.unit, `target ÷ ${name}`);
    const given = stated(rate, unit === 'revenue' ? 'other' : 'rate');
    const node = this.finding(`${parent.title} ${identity.factor}`, {
      ...base,
      why: `At the stated ${quote(name)} of ${say(given)}, the target takes ${say(needed)}.`,
      figures: { needed, rate: given },
    });
    return identity.unit === 'visits' ? [node, ...this.branchVisits(node, parent.title)] : [node];
  }

  private branchVisits(parent: PerformanceFinding, goal: string): PerformanceFinding[] {
    if (this.hasSources) return [];
    this.hasSources = true;
    const { sources } = this.given;
    const names = sources.length === 0 ? ['each traffic source'] : sources.map(quote);
    const cited: BriefPath[] = ['business.targetMetrics', 'analytics.trafficSources'];
    const visits = this.finding(`${goal} by source`, {
      title: `Where the visits for ${quote(goal)} come from`,
      why:
        sources.length === 0
          ? 'Which sources bring the visits is not stated.'
          : `The brief names ${joinWords(names)} without how much each brings.`,
      figures: {},
      cited,
      parentId: parent.id,
      formula: `visits = ${sources.length === 0 ? 'sum over traffic sources' : joinWords(sources).replaceAll(', ', ' + ').replace(' and ', ' + ')}`,
      needs: `visits from ${joinWords(names)}, as your analytics count them`,
    });
    return [visits];
  }

  private finding(key: string, draft: Draft): PerformanceFinding {
    const { title, why, figures, cited, parentId, formula, needs } = draft;
    return {
      id: this.id('kpi', key),
      kind: 'kpi',
      title: capitalize(title),
      why,
      method: METHOD,
      inputsUsed: fields(...cited),
      confidence: needs === undefined ? 'high' : 'low',
      assumptions: figures['rate'] === undefined ? [] : ['The rate stays as the brief states it.'],
      figures,
      ...(parentId === undefined ? {} : { parentId }),
      ...(formula === undefined ? {} : { formula }),
      ...(needs === undefined ? {} : { needs }),
    };
  }
}

interface Draft {
  title: string;
  why: string;
  figures: Record<string, Figure>;
  cited: BriefPath[];
  parentId?: string;
  formula?: string;
  needs?: string;
}
