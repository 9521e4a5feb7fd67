import { isCursor, type Cursor } from '@throughline/sse-protocol';
import { Subject, takeUntil, type Observable } from 'rxjs';
import type { FeedOutlet, StreamFeed } from './feed.js';
import type { OutgoingMessage } from './frame-encoder.js';

/**
 * Feeds a connection from an Observable, which cannot be told to wait: what a slow client has not taken is queued up to
 * a bound in bytes, then the stream closes as `slow`.
 */
export class ObservableFeed implements StreamFeed {
  /** Ends the subscription even while the source emits synchronously. */
  private readonly stopped = new Subject<void>();
  private isStopped = false;
  private position: Cursor | undefined;

  constructor(
    private readonly messages: Observable<OutgoingMessage>,
    resumedFrom: Cursor | undefined,
    private readonly maxQueuedBytes: number,
  ) {
    this.position = resumedFrom;
  }

  get cursor(): Cursor | undefined {
    return this.position;
  }

  start(outlet: FeedOutlet): void {
    if (this.isStopped) return;
    this.messages.pipe(takeUntil(this.stopped)).subscribe({
      next: (message) => this.send(message, outlet),
      error: (error: unknown) => outlet.fail(error, 'source_failed'),
      // Also when it was stopped; the connection is closing then and takes no second reason.
      complete: () => outlet.close('complete'),
    });
  }

  stop(): void {
    this.isStopped = true;
    this.stopped.next();
  }

  private send(message: OutgoingMessage, outlet: FeedOutlet): void {
    try {
      outlet.sendStamped(message);
    } catch (error) {
      outlet.fail(error, 'invalid_message');
      return;
    }
    if (message.id !== undefined && isCursor(message.id)) this.position = message.id;
    if (outlet.isBlocked && outlet.bytesQueued > this.maxQueuedBytes) outlet.close('slow');
  }
}
