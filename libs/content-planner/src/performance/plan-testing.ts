import type { PerformanceFinding } from '@throughline/strategy-contract';
import { assumed, computed, stated } from '../findings/figures.js';
import { fields } from '../findings/inputs.js';
import { quote, say } from '../findings/wording.js';
import type { GoalTree } from './goal-tree.js';

/** Relative change that a test should be able to show. */
const SHOWN_CHANGE = 0.2;
const AS_STATED = 'Taken from the brief as stated';

type Draft = Pick<PerformanceFinding, 'title' | 'why' | 'method' | 'confidence' | 'figures'> &
  Partial<Pick<PerformanceFinding, 'assumptions' | 'needs'>>;

function sizeOfTest(name: string, rate: number): Draft {
  const change = assumed(SHOWN_CHANGE, 'share');
  const given = stated(rate, 'rate');
  const needed = Math.ceil((16 * rate * (1 - rate)) / (rate * SHOWN_CHANGE) ** 2);
  const visits = computed(needed, 'visits', '16 p (1 − p) ÷ (p × change)²');
  return {
    title: `A test on ${quote(name)} takes ${say(visits)} per variant`,
    why: `That many are needed to show a change of ${say(change)} from ${say(given)}.`,
    method: 'Rule of sixteen: two-sided 95 % and power 80 % (Lehr 1992)',
    confidence: 'high',
    assumptions: [`A change of ${say(change)} is worth showing.`],
    figures: { visits, change, rate: given },
  };
}

function draftTesting(isTesting: boolean, rates: Record<string, number>): Draft {
  if (!isTesting) {
    return {
      title: 'Changes will not be tested',
      why: 'The brief says that no tests are run, so a change in a figure cannot be told from chance or season.',
      method: AS_STATED,
      confidence: 'medium',
      figures: {},
    };
  }
  const [name, rate] = Object.entries(rates).find(([, value]) => value > 0 && value < 1) ?? [];
  if (name !== undefined && rate !== undefined) return sizeOfTest(name, rate);
  return {
    title: 'How large a test has to be',
    why: 'The brief says that tests are run; how many visits one takes follows from a conversion rate.',
    method: AS_STATED,
    confidence: 'low',
    figures: {},
    needs: 'a conversion rate (analytics.conversionRates)',
  };
}

/** Whether changes are tested, and how many visits a test takes at the stated rate. */
export function planTesting(
  tree: GoalTree,
  isTesting: boolean | undefined,
  rates: Record<string, number>,
): PerformanceFinding[] {
  if (isTesting === undefined) return [];
  return [
    {
      id: tree.id('testing'),
      kind: 'kpi',
      inputsUsed: fields('analytics.testing', 'analytics.conversionRates'),
      assumptions: [],
      ...draftTesting(isTesting, rates),
    },
  ];
}
