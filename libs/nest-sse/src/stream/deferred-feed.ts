import type { Cursor } from '@throughline/sse-protocol';
import type { FeedOutlet, StreamFeed } from './feed.js';

/** Feeds a connection from what a slow handler will answer with: the stream is open meanwhile. */
export class DeferredFeed implements StreamFeed {
  private feed: StreamFeed | undefined;
  private isStopped = false;

  constructor(
    private readonly pending: Promise<StreamFeed>,
    private readonly resumedFrom: Cursor | undefined,
  ) {
    // Told in start(); a connection that is gone before that has nobody to tell.
    pending.catch(() => undefined);
  }

  get cursor(): Cursor | undefined {
    return this.feed ? this.feed.cursor : this.resumedFrom;
  }

  get lastEventId(): Cursor | undefined {
    return this.feed ? this.feed.lastEventId : this.resumedFrom;
  }

  get bytesWaiting(): number {
    return this.feed?.bytesWaiting ?? 0;
  }

  start(outlet: FeedOutlet): void {
    void this.startWhenReady(outlet);
  }

  writeRest(): void {
    this.feed?.writeRest?.();
  }

  stop(): void {
    this.isStopped = true;
    this.feed?.stop();
  }

  private async startWhenReady(outlet: FeedOutlet): Promise<void> {
    try {
      const feed = await this.pending;
      if (this.isStopped) return feed.stop();
      this.feed = feed;
      feed.start(outlet);
    } catch (error) {
      outlet.fail(error, 'source_failed');
    }
  }
}
