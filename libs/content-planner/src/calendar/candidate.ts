import type { CalendarAction, Confidence, ContentFormat, Figure, Input } from '@throughline/strategy-contract';

/** Which kind of reason asks for an item. */
export type CandidateReason =
  'pain_point' | 'persona_need' | 'journey' | 'gap' | 'stated_gap' | 'pillar' | 'cluster' | 'refresh' | 'merge';

/** Something worth doing, before it has a format and a date. */
export interface Candidate {
  key: string;
  reason: CandidateReason;
  action: CalendarAction;
  topicId: string;
  /** The title in a format. */
  title: (format: ContentFormat) => string;
  why: string;
  /** Words by which it is matched with what the audience says. */
  words: string;
  confidence: Confidence;
  figures: Record<string, Figure>;
  inputs: Input[];
  url?: string;
  /** Depth that it asks for, where formats can be chosen. */
  isDeep?: boolean;
  /** Whether it answers what the audience asks, where items of its kind may or may not. */
  isAsked?: boolean;
  /** Key of the candidate that must come before it. */
  after?: string;
}
