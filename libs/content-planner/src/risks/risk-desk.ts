import type { Confidence, Figure, Input, RiskFinding } from '@throughline/strategy-contract';
import { assumed, computed } from '../findings/figures.js';
import { identifiers } from '../findings/identifiers.js';

/** A risk before it is scored. */
export interface RiskDraft {
  rule: string;
  title: string;
  why: string;
  drivers: string[];
  mitigation: string;
  figures: Record<string, Figure>;
  inputs: Input[];
  method: string;
  confidence?: Confidence;
  assumptions?: string[];
  /** How far the driver is past its threshold, 1 to 5, and how much it would hurt, 1 to 5; none without evidence. */
  score?: { likelihood: number; impact: number };
}

/** Steps of a 1-to-5 scale that a value has passed. */
export function stepsPassed(value: number, steps: readonly [number, number, number, number]): number {
  return 1 + steps.filter((step) => value >= step).length;
}

/** Makes findings of drafts: those with evidence are scored, worst first; the others stand behind them, unscored. */
export function writeRisks(drafts: readonly RiskDraft[]): RiskFinding[] {
  const id = identifiers('risks');
  const scoreOf = ({ score }: RiskDraft): number => (score === undefined ? 0 : score.likelihood * score.impact);
  return [...drafts]
    .map((draft, order) => ({ draft, order }))
    .sort((a, b) => scoreOf(b.draft) - scoreOf(a.draft) || a.order - b.order)
    .map(({ draft }): RiskFinding => {
      const { score, confidence, assumptions = [], inputs, figures, ...rest } = draft;
      const scored: Record<string, Figure> =
        score === undefined
          ? {}
          : {
              likelihood: computed(
                score.likelihood,
                'score',
                'steps of the rule’s scale that the driver has passed, 1 to 5',
              ),
              impact: assumed(score.impact, 'score'),
              score: computed(score.likelihood * score.impact, 'score', 'likelihood × impact, of 25'),
            };
      return {
        ...rest,
        id: id(draft.rule, ...(draft.rule === 'target' || draft.rule === 'conflict' ? [draft.title] : [])),
        kind: 'risk',
        inputsUsed: inputs,
        confidence: confidence ?? (score === undefined ? 'low' : 'medium'),
        assumptions:
          score === undefined ? [...assumptions, 'Not scored: there is no evidence to score it by.'] : assumptions,
        figures: { ...figures, ...scored },
      };
    });
}
