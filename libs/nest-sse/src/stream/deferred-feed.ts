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

  start(outlet: FeedOutlet): void {
    this.pending.then(
      (feed) => {
        if (this.isStopped) return feed.stop();
        this.feed = feed;
        feed.start(outlet);
      },
      (error: unknown) => outlet.fail(error, 'source_failed'),
    );
  }

  stop(): void {
    this.isStopped = true;
    this.feed?.stop();
  }
}
