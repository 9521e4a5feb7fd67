import type { Brief, ContentItem, GenerationStepId, Sections, SourceKind } from '@throughline/strategy-contract';

/** An imported source with the pages that it holds. */
export interface PlannerSource {
  id: string;
  name: string;
  kind: SourceKind;
  /** Of the uploaded bytes, in hexadecimal. */
  sha256: string;
  items: ContentItem[];
}

/** All that a step may read. Plain data, so that it can be posted to a worker thread. */
export interface PlannerInput {
  brief: Brief;
  sources: PlannerSource[];
  /** YYYY-MM-DD: the day from which is planned when the brief has no start date, and by which age is told. */
  today: string;
  /** Seeds everything random; the same seed gives the same bytes. */
  seed: number;
  /** Sections that earlier steps finished, or that an earlier version left for re-use. */
  sections: Partial<Sections>;
}

/** How far a step is, in units of its own work. */
export interface PlannerReport {
  done: number;
  total: number;
  message: string;
}

/** Takes reports of finished work; called at least once a second while a step runs. */
export type ReportProgress = (report: PlannerReport) => void;

/** Steps that make sections; `compile` only puts them together. */
export type PlannerStepId = Exclude<GenerationStepId, 'compile'>;

/** What the document says of itself. */
export interface DocumentIdentity {
  strategyId: string;
  version: number;
  /** RFC 3339, UTC. */
  createdAt: string;
}
