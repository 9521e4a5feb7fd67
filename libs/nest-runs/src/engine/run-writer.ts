import type { RunClock } from '../run-clock.js';
import type { RunHints } from '../log/run-hints.js';
import type { RunEventStore, StoredMessage } from '../store/run-event.store.js';
import type { RunFeedStore } from '../store/run-feed.store.js';
import type { RunDatabase, RunTransaction } from '../store/run-tables.js';
import { PendingMessages, type PendingMessage } from './pending-messages.js';

/** Another worker has the run, or it is gone: this one must write nothing more. */
export class RunLost extends Error {
  override readonly name = 'RunLost';
  readonly code = 'run_lost';

  constructor(runId: string) {
    super(`Run ${runId} was taken over or deleted.`);
  }
}

/** What a writer writes with. */
export interface RunWriterParts {
  db: RunDatabase;
  events: RunEventStore;
  feed: RunFeedStore;
  hints: RunHints;
  clock: RunClock;
}

/** The claim under which it writes. */
export interface WriterClaim {
  id: string;
  owner: string;
  epoch: number;
}

/** What a transaction of the writer offers. */
export interface RunCommit {
  transaction: RunTransaction;
  now: Date;
  /** Appends to the run's log under the claim's epoch and answers with the last sequence number. Throws {@link RunLost}. */
  append(messages: readonly StoredMessage[], progress?: number): Promise<number>;
  /** Appends a `status` message to the log and to the owner's feed. */
  appendStatus(message: StoredMessage): Promise<void>;
}

const HOLD_MS = 40;
/** Most messages of one statement: the embedded database has one connection, so statements are short. */
const BATCH_LIMIT = 200;

/**
 * Writes one claim's messages, one batch at a time and in order. Whatever fails here ends the claim: whether a batch was
 * committed can't be known after a lost connection, so the run is claimed again and its step restarted.
 */
export class RunWriter {
  private readonly pending = new PendingMessages();
  private tail: Promise<void> = Promise.resolve();
  private holdTimer: NodeJS.Timeout | undefined;
  private flushed: { promise: Promise<void>; resolve: () => void } | undefined;
  private isFlushQueued = false;
  private failure: Error | undefined;

  constructor(
    private readonly parts: RunWriterParts,
    private readonly claim: WriterClaim,
    private readonly onFailure: (error: Error) => void,
  ) {}

  /** What ended this writer, if anything did. */
  get failed(): Error | undefined {
    return this.failure;
  }

  /** Stores a message soon; resolves when it is stored, or when it never will be. */
  emit(message: PendingMessage): Promise<void> {
    if (this.failure) return Promise.resolve();
    if (message.key === undefined) this.pending.push(message);
    else this.pending.hold(message);
    if (this.pending.isDue) this.queueFlush();
    else this.holdTimer ??= setTimeout(() => this.queueFlush(), HOLD_MS);
    return this.whenFlushed();
  }

  /**
   * Stores what was emitted and does `work`, all in one transaction. Rejects with what `work` throws; then nothing of
   * it is stored, and what was emitted waits for the next.
   */
  commit<T>(work: (commit: RunCommit) => Promise<T>): Promise<T> {
    const result = this.tail.then(async () => {
      if (this.failure) throw this.failure;
      return this.transact(work);
    });
    this.tail = result.then(
      () => undefined,
      () => undefined, // the caller has the error
    );
    return result;
  }

  /** Drops what is not stored yet. */
  close(): void {
    clearTimeout(this.holdTimer);
    this.pending.take();
    this.settle();
  }

  private whenFlushed(): Promise<void> {
    if (!this.flushed) {
      let resolve: () => void = () => undefined;
      const promise = new Promise<void>((done) => (resolve = done));
      this.flushed = { promise, resolve };
    }
    return this.flushed.promise;
  }

  private settle(): void {
    if (!this.pending.isEmpty) return;
    this.flushed?.resolve();
    this.flushed = undefined;
  }

  private queueFlush(): void {
    clearTimeout(this.holdTimer);
    this.holdTimer = undefined;
    if (this.isFlushQueued) return;
    this.isFlushQueued = true;
    this.tail = this.tail.then(() => this.flush());
  }

  private async flush(): Promise<void> {
    this.isFlushQueued = false;
    try {
      while (!this.failure && !this.pending.isEmpty) {
        const seq = await this.appendPending(this.parts.db, this.pending.take());
        if (seq !== undefined) this.parts.hints.runChanged(this.claim.id, seq);
      }
    } catch (error) {
      this.fail(error as Error);
    }
    this.settle();
  }

  private async transact<T>(work: (commit: RunCommit) => Promise<T>): Promise<T> {
    const batch = this.pending.take();
    const told: { seq?: number; feedSeq?: number } = {};
    try {
      const result = await this.parts.db.transaction().execute(async (transaction) => {
        const seq = await this.appendPending(transaction, batch);
        if (seq !== undefined) told.seq = seq;
        return work(this.commitIn(transaction, told));
      });
      if (told.seq !== undefined) this.parts.hints.runChanged(this.claim.id, told.seq);
      if (told.feedSeq !== undefined) this.parts.hints.feedChanged(this.claim.owner, told.feedSeq);
      this.settle();
      return result;
    } catch (error) {
      this.pending.putBack(batch);
      if (error instanceof RunLost) this.fail(error);
      throw error;
    }
  }

  private commitIn(transaction: RunTransaction, told: { seq?: number; feedSeq?: number }): RunCommit {
    const now = new Date(this.parts.clock.now());
    const append = async (messages: readonly StoredMessage[], progress?: number): Promise<number> => {
      told.seq = await this.append(transaction, messages, progress);
      return told.seq;
    };
    const appendStatus = async (message: StoredMessage): Promise<void> => {
      await append([message]);
      told.feedSeq = await this.parts.feed.append(transaction, this.claim.owner, [message], now);
    };
    return { transaction, now, append, appendStatus };
  }

  private async appendPending(
    db: RunDatabase | RunTransaction,
    batch: readonly PendingMessage[],
  ): Promise<number | undefined> {
    let seq: number | undefined;
    for (let start = 0; start < batch.length; start += BATCH_LIMIT) {
      const part = batch.slice(start, start + BATCH_LIMIT);
      const messages = part.map((message) => message.render(message.text ?? ''));
      seq = await this.append(db, messages, part.findLast(({ progress }) => progress !== undefined)?.progress);
    }
    return seq;
  }

  private async append(
    db: RunDatabase | RunTransaction,
    messages: readonly StoredMessage[],
    progress: number | undefined,
  ): Promise<number> {
    const seq = await this.parts.events.append(db, this.claim.id, messages, {
      epoch: this.claim.epoch,
      now: new Date(this.parts.clock.now()),
      ...(progress !== undefined && { progress }),
    });
    if (seq === undefined) throw new RunLost(this.claim.id);
    return seq;
  }

  private fail(error: Error): void {
    if (this.failure) return;
    this.failure = error;
    this.close();
    this.onFailure(error);
  }
}
