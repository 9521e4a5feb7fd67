import type { RunStatus } from '@throughline/sse-protocol';
import { RunNotFound } from '../run-errors.js';
import type { RunEventStore } from './run-event.store.js';
import type { RunFeedStore } from './run-feed.store.js';
import type { RunTransaction } from './run-tables.js';
import { encodeStatus } from './stored-message.js';

/** What has been written, for those who are to be told once it is committed. */
export interface RunChange {
  runId: string;
  kind: string;
  owner: string;
  lastSeq: number;
  feedSeq: number;
  /** There is a job to fetch. */
  isQueued: boolean;
}

/** Sends a run's job within the transaction. */
export type SendJob = (transaction: RunTransaction, kind: string, jobId: string, runId: string) => Promise<void>;

/** Writes that a run's status has changed: to its log, to its owner's feed, and where it is queued to the queue. */
export class RunAnnouncer {
  constructor(
    private readonly events: RunEventStore,
    private readonly feed: RunFeedStore,
    private readonly sendJob: SendJob,
  ) {}

  async enqueue(
    transaction: RunTransaction,
    run: { id: string; kind: string; owner: string; jobId: string; attempt: number },
    now: Date,
  ): Promise<RunChange> {
    const change = await this.tell(transaction, run, 'queued', run.attempt, now);
    await this.sendJob(transaction, run.kind, run.jobId, run.id);
    return { ...change, isQueued: true };
  }

  async tell(
    transaction: RunTransaction,
    run: { id: string; kind: string; owner: string },
    status: RunStatus,
    attempt: number,
    now: Date,
  ): Promise<RunChange> {
    const message = encodeStatus(run.id, status, attempt, now);
    const lastSeq = await this.events.append(transaction, run.id, [message], { now });
    if (lastSeq === undefined) throw new RunNotFound(run.id);
    const feedSeq = await this.feed.append(transaction, run.owner, [message], now);
    return { runId: run.id, kind: run.kind, owner: run.owner, lastSeq, feedSeq, isQueued: false };
  }
}
