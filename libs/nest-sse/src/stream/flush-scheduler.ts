import { AsyncResource } from 'node:async_hooks';

/** Something that writes what has gathered, at once for all. */
export interface Flushable {
  /** When it last wrote, ms of `performance.now()`. */
  readonly flushedAtMs: number;
  flush(): void;
}

/**
 * Decides when to write: at the end of this turn for a first message after silence, and `joinWindowMs` later for what
 * follows closely, so that a burst leaves in few writes. There is one timer for all, and it runs only during bursts. It
 * is the machine's own, not the injected clock: the window is part of how bytes are joined, as Nagle's is.
 */
export class FlushScheduler {
  private soon = new Set<Flushable>();
  private later = new Set<Flushable>();
  private isTickDue = false;
  private timer: NodeJS.Timeout | undefined;

  // Bound to no request's async context: what is written here belongs to all.
  private readonly flushSoon = AsyncResource.bind(() => {
    this.isTickDue = false;
    const due = this.soon;
    this.soon = new Set();
    for (const item of due) item.flush();
  });

  private readonly flushLater = AsyncResource.bind(() => {
    this.timer = undefined;
    const due = this.later;
    this.later = new Set();
    for (const item of due) item.flush();
  });

  /** @param joinWindowMs longest wait for what else may come; 0 never waits */
  constructor(private readonly joinWindowMs: number) {}

  /** Has the item flushed; once, however often it is called before. */
  schedule(item: Flushable): void {
    if (this.soon.has(item) || this.later.has(item)) return;
    if (performance.now() - item.flushedAtMs >= this.joinWindowMs) {
      this.soon.add(item);
      if (this.isTickDue) return;
      this.isTickDue = true;
      process.nextTick(this.flushSoon);
      return;
    }
    this.later.add(item);
    this.timer ??= setTimeout(this.flushLater, this.joinWindowMs);
  }

  /** Forgets the item. */
  cancel(item: Flushable): void {
    this.soon.delete(item);
    this.later.delete(item);
  }
}

/** Resolves when other work of the event loop has had its turn. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
