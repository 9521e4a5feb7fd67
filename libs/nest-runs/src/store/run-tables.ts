import type { RunStatus } from '@throughline/sse-protocol';
import type { Generated, Kysely, Transaction } from 'kysely';
import type { StepStatus } from '../run-snapshot.js';

/**
 * JSON is kept as `text`: it then comes back byte for byte. `jsonb` would reorder keys and refuse `\u0000` and lone
 * surrogates, which imported content does contain.
 */
type Json = string;

/** A run; its row hands out the log's sequence numbers and carries the fencing epoch. */
export interface RunTable {
  id: string;
  kind: string;
  owner: string;
  subject: string;
  status: RunStatus;
  attempt: number;
  /** Raised by each claim; a worker writes only under the epoch that it claimed. */
  epoch: number;
  /** The queue's job that may claim this run; any other is a stray. */
  job_id: string;
  /** The last worker gave the run up in order, so that its running step was not a crash. */
  is_released: boolean;
  last_seq: number;
  /** Messages up to here are trimmed. */
  trimmed_seq: number;
  progress: number;
  /** 1-based position of the current step. */
  step: number;
  input: Json;
  result: Json | null;
  error: Json | null;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
  timeout_at: Date | null;
  touched_at: Date;
}

export interface RunStepTable {
  run_id: string;
  step_key: string;
  position: number;
  title: string;
  sections: Json;
  after: Json;
  status: StepStatus;
  attempt: number;
  output: Json | null;
  error: Json | null;
  reason: Json | null;
  card: Json | null;
  /** Sequence number of its last `started` or `restarted`; partial text after it is void when it starts again. */
  started_seq: number | null;
  /** How often a worker died in it; a step that kills its worker must not do so for ever. */
  interruptions: number;
  started_at: Date | null;
  finished_at: Date | null;
}

export interface RunEventTable {
  run_id: string;
  seq: number;
  event: string;
  data: Json;
}

export interface RunIdempotencyKeyTable {
  owner: string;
  kind: string;
  subject: string;
  key: string;
  run_id: string;
  created_at: Date;
}

/** One row per owner: hands out the sequence numbers of the owner's feed. */
export interface RunFeedTable {
  owner: string;
  last_seq: number;
  trimmed_seq: Generated<number>;
}

export interface RunFeedEventTable {
  owner: string;
  seq: number;
  event: string;
  data: Json;
  created_at: Date;
}

export interface RunTables {
  run: RunTable;
  run_step: RunStepTable;
  run_event: RunEventTable;
  run_idempotency_key: RunIdempotencyKeyTable;
  run_feed: RunFeedTable;
  run_feed_event: RunFeedEventTable;
}

export type RunDatabase = Kysely<RunTables>;
export type RunTransaction = Transaction<RunTables>;
