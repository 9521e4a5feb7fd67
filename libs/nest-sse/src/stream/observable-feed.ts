import { isCursor, type Cursor } from '@throughline/sse-protocol';
import { Subject, takeUntil, type Observable } from 'rxjs';
import type { FeedOutlet, StreamFeed } from './feed.js';
import type { Flushable, FlushScheduler } from './flush-scheduler.js';
import type { EncodedFrame, FrameEncoder, OutgoingMessage } from './frame-encoder.js';
import type { FrameJoiner } from './frame-joiner.js';
import { FrameQueue } from './frame-queue.js';
import type { FrameTally } from './frame-tally.js';

/** What the feeds of Observables share. */
export interface ObservableFeedParts {
  readonly encoder: FrameEncoder;
  readonly scheduler: FlushScheduler;
  readonly joiner: FrameJoiner;
  readonly tally: FrameTally;
}

/** What becomes of messages that a client does not take. */
export interface SlowReaderPolicy {
  /** Most bytes that may wait; beyond that the stream closes as `slow`. */
  readonly maxQueuedBytes: number;
  /** For snapshots: of those that wait and have the same key, only the newest is kept. */
  readonly latestBy?: ((message: OutgoingMessage) => string) | undefined;
}

/**
 * Feeds a connection from an Observable, which cannot be told to wait: what a slow client has not taken is queued, up to
 * a bound in bytes.
 */
export class ObservableFeed implements StreamFeed, Flushable {
  flushedAtMs = -Infinity;

  /** Ends the subscription even while the source emits synchronously. */
  private readonly stopped = new Subject<void>();
  private readonly queue = new FrameQueue();
  private outlet: FeedOutlet | undefined;
  private isStopped = false;
  private isComplete = false;
  private isWaiting = false;
  private position: Cursor | undefined;

  constructor(
    private readonly messages: Observable<OutgoingMessage>,
    resumedFrom: Cursor | undefined,
    private readonly policy: SlowReaderPolicy,
    private readonly parts: ObservableFeedParts,
  ) {
    this.position = resumedFrom;
  }

  get cursor(): Cursor | undefined {
    return this.position;
  }

  get lastEventId(): Cursor | undefined {
    return this.position;
  }

  get bytesWaiting(): number {
    return this.queue.size;
  }

  start(outlet: FeedOutlet): void {
    if (this.isStopped) return;
    this.outlet = outlet;
    this.messages.pipe(takeUntil(this.stopped)).subscribe({
      next: (message) => this.accept(message, outlet),
      error: (error: unknown) => outlet.fail(error, 'source_failed'),
      // Also when it was stopped; the connection is closing then and takes no second reason.
      complete: () => this.end(outlet),
    });
  }

  flush(): void {
    const { outlet } = this;
    if (!outlet || this.isStopped) return;
    this.flushedAtMs = performance.now();
    // In portions, so that a client which takes little at a time is seen to take something.
    while (!outlet.isBlocked && !this.queue.isEmpty) this.writeQueue(outlet);
    if (!this.queue.isEmpty) void this.waitForClient(outlet);
    if (this.isComplete && this.queue.isEmpty) outlet.close('complete');
  }

  writeRest(): void {
    while (this.outlet && !this.queue.isEmpty) this.writeQueue(this.outlet);
  }

  stop(): void {
    this.isStopped = true;
    this.parts.scheduler.cancel(this);
    this.queue.clear();
    this.stopped.next();
  }

  private accept(message: OutgoingMessage, outlet: FeedOutlet): void {
    const { latestBy, maxQueuedBytes } = this.policy;
    try {
      const frame = this.parts.encoder.encodeStamped(message, this);
      this.queue.add(frame, message.id, latestBy?.(message));
    } catch (error) {
      outlet.fail(error, 'invalid_message');
      return;
    }
    // What makes a write waits for no more: a fast source would pass the bound within the window, with a client that is not slow.
    if (this.queue.isFull && !outlet.isBlocked) this.flush();
    if (outlet.isBlocked && outlet.bytesQueued + this.queue.size > maxQueuedBytes) return outlet.close('slow');
    this.parts.scheduler.schedule(this);
  }

  private end(outlet: FeedOutlet): void {
    this.isComplete = true;
    if (this.queue.isEmpty) outlet.close('complete');
    else this.parts.scheduler.schedule(this);
  }

  private writeQueue(outlet: FeedOutlet): void {
    const frames: readonly EncodedFrame[] = this.queue.take();
    outlet.write(this.parts.joiner.join(frames));
    this.parts.tally.sent(frames);
    const { lastId } = this.queue;
    if (lastId !== undefined && isCursor(lastId)) this.position = lastId;
  }

  private async waitForClient(outlet: FeedOutlet): Promise<void> {
    if (this.isWaiting) return;
    this.isWaiting = true;
    const isWritable = await outlet.writable();
    this.isWaiting = false;
    if (isWritable) this.flush();
  }
}
