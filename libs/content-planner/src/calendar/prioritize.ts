import type { ContentFormat, Figure } from '@throughline/strategy-contract';
import { assumed, computed } from '../findings/figures.js';
import type { Candidate, CandidateReason } from './candidate.js';
import { type HoursByMember, totalOf } from './capacity.js';
import type { FormatShares } from './format-shares.js';

/** A candidate with its format, its hours and its place in the order. */
export interface RankedItem {
  candidate: Candidate;
  format: ContentFormat;
  /** Absent where nobody states hours for the format. */
  hours?: HoursByMember;
  priority: number;
  figures: Record<string, Figure>;
}

/** What an item of each reason moves, on the scale of RICE: 3 massive, 2 high, 1 medium, 0.5 low. */
const IMPACT: Record<CandidateReason, number> = {
  pain_point: 3,
  persona_need: 2,
  stated_gap: 2,
  journey: 2,
  gap: 1,
  pillar: 1,
  refresh: 1,
  cluster: 0.5,
  merge: 0.5,
};
const CONFIDENCE = { high: 1, medium: 0.8, low: 0.5 } as const;

function impactOf({ reason, figures, isAsked = false }: Candidate): number {
  if (reason === 'refresh' && isAsked) return 2;
  if (reason !== 'gap') return IMPACT[reason];
  const clearness = (figures['clearness']?.value as number | undefined) ?? 0;
  return clearness >= 5 ? 2 : clearness >= 3 ? 1.5 : 1;
}

/** What it takes to rank. */
export interface Ranking {
  /** How many statements of the audience an item speaks to. */
  reachOf: (words: string) => number;
  shares: FormatShares;
  formatOfPages: ContentFormat;
  hoursFor: (format: ContentFormat) => HoursByMember | undefined;
  /** Whether the brief states a mix: then that says how often each format comes, not its hours. */
  isMixStated: boolean;
}

/** Method of the priorities, as findings tell it. */
export const PRIORITY_METHOD =
  'RICE: reach (statements of the brief that it speaks to, at least one) × impact × confidence ÷ effort (hours against the mean item; 1 where no hours, or a mix of formats, are stated)';

function worth({ candidate, reach }: { candidate: Candidate; reach: number }): number {
  return reach * impactOf(candidate) * CONFIDENCE[candidate.confidence];
}

/** Candidates by falling priority, each with a format. */
export function rankCandidates(candidates: readonly Candidate[], ranking: Ranking): RankedItem[] {
  const weighed = candidates
    .map((candidate, order) => ({ candidate, order, reach: Math.max(1, ranking.reachOf(candidate.words)) }))
    .sort((a, b) => worth(b) - worth(a) || a.order - b.order);
  const formatted = weighed.map(({ candidate, reach }) => {
    const format =
      candidate.action === 'write' ? ranking.shares.next(candidate.isDeep ?? false) : ranking.formatOfPages;
    const hours = ranking.hoursFor(format);
    return { candidate, reach, format, hours };
  });
  const known = formatted.flatMap(({ hours }) => (hours === undefined ? [] : [totalOf(hours)]));
  const mean = known.length === 0 ? 1 : known.reduce((sum, total) => sum + total, 0) / known.length;
  return formatted
    .map(({ candidate, reach, format, hours }, order) => {
      const effort = hours === undefined || ranking.isMixStated ? 1 : totalOf(hours) / mean;
      const priority = worth({ candidate, reach }) / effort;
      const figures = {
        ...candidate.figures,
        reach: computed(reach, 'statements', 'statements of the brief that it speaks to, at least one'),
        impact: assumed(impactOf(candidate), 'score'),
        certainty: assumed(CONFIDENCE[candidate.confidence], 'share'),
        priority: computed(priority, 'score', 'reach × impact × confidence ÷ effort'),
      };
      return { order, item: { candidate, format, priority, figures, ...(hours === undefined ? {} : { hours }) } };
    })
    .sort((a, b) => b.item.priority - a.item.priority || a.order - b.order)
    .map(({ item }) => item);
}
