import { Inject, Injectable } from '@nestjs/common';
import type { RunEvents } from '@throughline/sse-protocol';
import type { EventLog } from '@throughline/nest-sse';
import type { Transaction } from 'kysely';
import { RunEventLog } from './log/run-event-log.js';
import { FeedEventLog, type FeedEvents } from './log/feed-event-log.js';
import { SharedLogs } from './log/shared-logs.js';
import { RunKindUnknown, RunNotFound } from './run-errors.js';
import { RunRuntime } from './run-runtime.js';
import type { RunRecord, RunSnapshot } from './run-snapshot.js';
import type { RunFilter } from './store/run-snapshot.store.js';
import type { RunDatabase, RunTransaction } from './store/run-tables.js';
import type { RunChange } from './store/run-announcer.js';
import { StartRaced } from './store/run-start.store.js';
import { orderSteps } from './engine/step-order.js';

/** How to start a run. */
export interface StartOptions {
  owner: string;
  /** What the run is about; one run of a kind is active per subject. */
  subject: string;
  /** Within its time, a second start of the same owner, kind and subject with this key answers with the first's run. */
  idempotencyKey?: string;
}

/** What a call within the application's own transaction takes: the embedded database has one connection. */
export interface InTransaction {
  transaction?: Transaction<any>;
}

/** How often a start that met another one in the middle tries again. */
const START_TRIES = 5;

/** Starts runs and says how they stand. Whoever does them, on this node or another, is told. */
@Injectable()
export class Runs {
  private readonly runLogs = new SharedLogs((id) => new RunEventLog(id, this.runtime));
  private readonly feedLogs = new SharedLogs((owner) => new FeedEventLog(owner, this.runtime));

  constructor(@Inject(RunRuntime) private readonly runtime: RunRuntime) {}

  /**
   * Starts a run and answers at once, with `replayed` where the idempotency key was used before: then with that run as
   * it is. Throws `RunConflict` (`run_active`) while the subject has an active run, and `RunKindUnknown`.
   *
   * @param input kept as JSON, unchangeable, for all attempts
   */
  async start(kind: string, input: unknown, options: StartOptions): Promise<{ run: RunSnapshot; replayed: boolean }> {
    const definition = this.runtime.definitions.get(kind);
    if (!definition) throw new RunKindUnknown(kind);
    const now = this.now();
    const newRun = {
      kind,
      ...options,
      input: JSON.stringify(input ?? null),
      steps: orderSteps(definition.steps).map(({ id, title, sections = [], after = [] }) => ({
        id,
        title,
        sections,
        after,
      })),
      keysSince: this.keysSince(),
    };
    await this.runtime.whenReady();
    for (let tries = 1; ; tries += 1) {
      try {
        const { runId, change } = await this.runtime.starts.create(this.db, newRun, now);
        if (change) this.tell(change);
        return { run: await this.require(runId), replayed: change === undefined };
      } catch (error) {
        if (!(error instanceof StartRaced) || tries === START_TRIES) throw error;
      }
    }
  }

  /**
   * The run that an earlier start with this idempotency key made, as it is now; `undefined` where the key is new. For
   * callers that check more before they start: a replay is answered even if those checks would now fail.
   */
  async replay(kind: string, options: StartOptions): Promise<RunSnapshot | undefined> {
    const runId = await this.runtime.starts.earlierRun(this.db, { kind, ...options, keysSince: this.keysSince() });
    return runId === undefined ? undefined : this.snapshot(runId);
  }

  /**
   * Ends a queued run at once and asks a running one to end, which takes a moment (`cancelling`). Changes nothing in any
   * other state. Throws `RunNotFound`.
   */
  async cancel(id: string): Promise<RunSnapshot> {
    const change = await this.runtime.runs.cancel(this.db, id, this.now());
    if (change) {
      this.tell(change);
      this.runtime.hints.runNeedsCheck(id);
    }
    return this.require(id);
  }

  /**
   * Queues a run again that failed, was cancelled or ended with gaps: what did not go well, what was not reached, and
   * what reads from these is done again; the log goes on. Throws `RunConflict` and `RunNotFound`.
   */
  async retry(id: string): Promise<RunSnapshot> {
    await this.runtime.whenReady();
    this.tell(await this.runtime.runs.retry(this.db, id, this.now()));
    return this.require(id);
  }

  /** How a run stands; `undefined` where there is none. */
  async snapshot(id: string): Promise<RunSnapshot | undefined> {
    return this.runtime.snapshots.snapshot(this.db, id);
  }

  /** Whose a run is, what it is about and its status; cheaper than its snapshot. */
  async find(id: string): Promise<RunRecord | undefined> {
    return this.runtime.snapshots.find(this.db, id);
  }

  /** Runs by owner, subjects, kind and status, newest first. */
  async list(filter: RunFilter): Promise<RunSnapshot[]> {
    return this.runtime.snapshots.list(this.db, filter);
  }

  /** The newest run of each subject that has one, by subject. */
  async latestBySubject(subjects: readonly string[], kind?: string): Promise<Map<string, RunSnapshot>> {
    const filter = { subjects, latestPerSubject: true, limit: Math.max(subjects.length, 1) * 10 };
    const runs = await this.list(kind === undefined ? filter : { ...filter, kind });
    const latest = new Map<string, RunSnapshot>();
    for (const run of runs) if (!latest.has(run.subject)) latest.set(run.subject, run);
    return latest;
  }

  /** The log of a run's messages. Whether the reader may see it is the caller's to check, with {@link find}. */
  events(id: string): EventLog<RunEvents> {
    return this.runLogs.get(id);
  }

  /** The log of the `status` messages of all the owner's runs, kept 24 h. */
  feed(owner: string): EventLog<FeedEvents> {
    return this.feedLogs.get(owner);
  }

  /** Deletes all runs of a subject with their logs; one that is under way is stopped. */
  async deleteBySubject(subject: string, options: InTransaction & { kind?: string } = {}): Promise<void> {
    const db = asDatabase(options.transaction) ?? this.db;
    this.tellGone(await this.runtime.runs.deleteWhere(db, 'subject', subject, options.kind));
  }

  /** Deletes all runs of an owner with their logs, and the owner's feed. */
  async deleteByOwner(owner: string, { transaction }: InTransaction = {}): Promise<void> {
    const db = asDatabase(transaction) ?? this.db;
    const gone = await this.runtime.runs.deleteWhere(db, 'owner', owner);
    await this.runtime.feeds.remove(db, owner);
    this.tellGone(gone);
  }

  private get db(): RunDatabase {
    return this.runtime.db;
  }

  private now(): Date {
    return new Date(this.runtime.options.clock.now());
  }

  private keysSince(): Date {
    return new Date(this.runtime.options.clock.now() - this.runtime.options.idempotencyRetentionMs);
  }

  private async require(id: string): Promise<RunSnapshot> {
    const snapshot = await this.snapshot(id);
    if (!snapshot) throw new RunNotFound(id);
    return snapshot;
  }

  private tell({ runId, kind, owner, lastSeq, feedSeq, isQueued }: RunChange): void {
    const { hints } = this.runtime;
    hints.runChanged(runId, lastSeq);
    hints.feedChanged(owner, feedSeq);
    if (isQueued) hints.jobQueued(kind);
  }

  private tellGone(runs: readonly { id: string }[]): void {
    for (const { id } of runs) {
      this.runtime.hints.runChanged(id, 0);
      this.runtime.hints.runNeedsCheck(id);
    }
  }
}

function asDatabase(transaction: Transaction<any> | undefined): RunTransaction | undefined {
  return transaction as unknown as RunTransaction | undefined;
}
