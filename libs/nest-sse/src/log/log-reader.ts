import type { Cursor } from '@throughline/sse-protocol';
import type { Subscription } from 'rxjs';
import { outsideRequests } from '../request-context.js';
import type { ReadableLog, ReadablePage } from './readable-log.js';

/** Is told when there may be more to read, or that hints have failed. */
export interface LogListener {
  onHint(): void;
  onError(error: unknown): void;
}

/**
 * All connections' view of one log: one subscription to its hints, and one read for all that ask for the same place at
 * the same time, so that a message costs a log with a thousand readers one query, and they share its encoded frame.
 */
export class LogReader {
  private readonly listeners = new Set<LogListener>();
  private subscription: Subscription | undefined;
  private reads = new Map<string, Promise<ReadablePage>>();

  constructor(private readonly log: ReadableLog) {}

  /** Subscribes to hints, again where they have failed or completed; answers with what unsubscribes. */
  listen(listener: LogListener): () => void {
    this.listeners.add(listener);
    if (!this.subscription || this.subscription.closed) this.subscription = this.subscribe();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0) return;
      // A read that is still under way hears no more hints: who listens next must not join it.
      this.reads = new Map();
      this.subscription?.unsubscribe();
      this.subscription = undefined;
    };
  }

  /** As {@link EventLog.readAfter}, shared with those who ask the same before the next hint. */
  read(cursor: Cursor | undefined, limit: number): Promise<ReadablePage> {
    const key = `${limit} ${cursor ?? ''}`;
    const shared = this.reads.get(key);
    if (shared) return shared;
    const read = this.log.readAfter(cursor, limit);
    this.reads.set(key, read);
    const forget = (): void => {
      if (this.reads.get(key) === read) this.reads.delete(key);
    };
    read.then(forget, forget);
    return read;
  }

  private subscribe(): Subscription {
    return outsideRequests(() =>
      this.log.changes.subscribe({
        next: () => this.hint(),
        error: (error: unknown) => this.fail(error),
        complete: () => void this.takeLeave(),
      }),
    );
  }

  private hint(): void {
    // A read that began before the hint may not see what the hint is about: whoever is woken must not join it.
    this.reads = new Map();
    for (const listener of this.listeners) listener.onHint();
  }

  /** No hint will come any more: right where the log has ended, and otherwise nobody would hear of what is new. */
  private async takeLeave(): Promise<void> {
    this.subscription = undefined;
    try {
      const { ended } = await this.log.tail();
      if (ended) this.hint();
      else this.fail(new Error('The changes of a log have completed, although it has not ended: they are to go on.'));
    } catch (error) {
      this.fail(error);
    }
  }

  private fail(error: unknown): void {
    this.subscription = undefined;
    this.reads = new Map();
    for (const listener of this.listeners) listener.onError(error);
  }
}
