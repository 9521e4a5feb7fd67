import type { EducationalContent, RunEvents, RunMessageData } from '@throughline/sse-protocol';
import type { Transaction } from 'kysely';
import type { StepState } from '../run-snapshot.js';

/** What a kind of run does: its steps, and what makes their outputs count. The class carries `@RunHandler(kind)`. */
export interface RunDefinition<I = unknown, E extends object = StepEvents> {
  /** In the order in which they run, except where `after` says otherwise. */
  readonly steps: readonly StepDefinition<I, E>[];
  /**
   * Runs inside the transaction that writes the run's terminal status, so that what it stores exists exactly if the run
   * ended well. Use `context.transaction` for every statement: the embedded database has one connection, and this
   * transaction holds it. What it answers with is kept as the run's `result` and merged into the `complete` message's data.
   */
  complete?(context: CompletionContext<I>): Promise<Record<string, unknown>>;
}

/** One step of a run: a unit of work whose output is kept when the run is interrupted. */
export interface StepDefinition<I = unknown, E extends object = StepEvents> {
  /** Unique in the run; the key of its card, its output and its state. */
  id: string;
  /** For people: "Comparing competitors". */
  title: string;
  /** Parts of the result that it makes, for the snapshot. */
  sections?: readonly string[];
  /** Ids of the steps whose output it reads: they run before it, and when one of them is retried, so is this. */
  after?: readonly string[];
  /** Its share of the run's progress. Default 1. */
  weight?: number;
  /** Where it fails, the run goes on, to `succeeded_with_gaps`. Default false. */
  optional?: boolean;
  /** Milliseconds after which the step fails with `step_timeout`. Default: the run's own time only. */
  timeoutMs?: number;
  /** Explains the step while it is being done; sent once per step and run, at its start. */
  card?: EducationalContent | ((context: CardContext<I>) => EducationalContent);
  /** Does the work. Throw a `StepError` to fail with a code and a message of your own. */
  run(context: StepContext<I, E>): Promise<StepResult> | StepResult;
}

/** How a step ended. `skipped` and `partial` say what was missing and make the run `succeeded_with_gaps`. */
export type StepResult =
  | { output?: unknown; skipped?: never; partial?: never }
  | { output?: unknown; skipped: string; partial?: never }
  | { output: unknown; partial: string; skipped?: never };

/** The messages that a step itself may emit; the engine sends all others. */
export type StepEvents = Pick<RunEvents, 'section' | 'delta'>;

/** A message as a step emits it: the engine adds `runId` and `timestamp`. */
export type StepMessage<E extends object = StepEvents> = {
  [K in keyof E & string]: { readonly event: K; readonly data: Omit<E[K], keyof RunMessageData> };
}[keyof E & string];

/** What a card may be made from. */
export interface CardContext<I = unknown> {
  readonly runId: string;
  readonly attempt: number;
  readonly subject: string;
  readonly owner: string;
  readonly input: I;
  /** Outputs of the steps that ended before, by step id, as JSON carries them. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** What a step gets to work with. */
export interface StepContext<I = unknown, E extends object = StepEvents> extends CardContext<I> {
  /** The same whenever this step of this attempt starts again; for calls that must not be made twice. */
  readonly idempotencyKey: string;
  /** Aborted when the run is cancelled, times out, or when this node stops or has lost the run. */
  readonly signal: AbortSignal;
  /** When the run was created. */
  readonly createdAt: Date;
  /**
   * Sends a message. Order is kept; `delta`s of the same place are joined for up to 40 ms or 1 KiB. Resolves when the
   * message is stored, never rejects, and need not be awaited unless the step produces faster than the database stores.
   * Throws a `TypeError` at once if the data is not JSON or the event name is the engine's own.
   */
  emit(message: StepMessage<E>): Promise<void>;
  /** Says how much of the step is done, for `progress {advanced}`; the newest of 40 ms wins. */
  progress(done: number, total: number, message: string): void;
}

/** What a run's `complete` gets. */
export interface CompletionContext<I = unknown> {
  /** The transaction that ends the run; commits only if the run ends well. */
  readonly transaction: Transaction<any>;
  readonly run: CompletedRun<I>;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly steps: readonly StepState[];
}

/** The run that is about to end. */
export interface CompletedRun<I = unknown> {
  readonly id: string;
  readonly kind: string;
  readonly owner: string;
  readonly subject: string;
  readonly attempt: number;
  readonly input: I;
  readonly status: 'succeeded' | 'succeeded_with_gaps';
  readonly createdAt: Date;
  readonly finishedAt: Date;
  /** What an earlier attempt's `complete` answered with. */
  readonly previousResult?: Record<string, unknown>;
}
