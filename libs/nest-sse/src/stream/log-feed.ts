import type { Cursor } from '@throughline/sse-protocol';
import type { SseClock } from '../clock.js';
import type { LogReader } from '../log/log-reader.js';
import type { ReadablePage } from '../log/readable-log.js';
import type { MetricsReporter } from '../sse-metrics.js';
import type { FeedOutlet, StreamFeed } from './feed.js';
import type { OutgoingMessage } from './frame-encoder.js';

/** Messages per read: enough to amortise a query, few enough to hold while a slow client drains. */
const PAGE_SIZE = 100;

/**
 * Feeds a connection from a log: subscribes to hints first, reads until dry, then reads at each hint. The log is the
 * queue, so a client that is behind costs one page, whatever is appended meanwhile (traps 3, 4 and 21).
 */
export class LogFeed implements StreamFeed {
  private outlet: FeedOutlet | undefined;
  private unlisten: (() => void) | undefined;
  private isStopped = false;
  private isReading = false;
  private isHinted = false;
  private isResuming: boolean;
  /** Messages sent before the stream was level with its log; `undefined` once it is live. */
  private replayed: number | undefined = 0;

  constructor(
    private readonly reader: LogReader,
    private position: Cursor | undefined,
    private readonly clock: SseClock,
    private readonly metrics: MetricsReporter,
  ) {
    this.isResuming = position !== undefined;
  }

  get cursor(): Cursor | undefined {
    return this.position;
  }

  start(outlet: FeedOutlet): void {
    if (this.isStopped) return;
    this.outlet = outlet;
    this.unlisten = this.reader.listen({
      onHint: () => this.wake(),
      onError: (error) => outlet.fail(error, 'source_failed'),
    });
    this.wake();
  }

  stop(): void {
    this.isStopped = true;
    this.unlisten?.();
  }

  private wake(): void {
    this.isHinted = true;
    if (!this.isReading && !this.isStopped && this.outlet) void this.readWhileHinted(this.outlet);
  }

  private async readWhileHinted(outlet: FeedOutlet): Promise<void> {
    this.isReading = true;
    try {
      while (this.isHinted && !this.isStopped) {
        this.isHinted = false;
        await this.readUntilDry(outlet);
      }
    } catch (error) {
      outlet.fail(error, 'source_failed');
    } finally {
      // In the same turn as the last look at isHinted, so no hint is lost in between.
      this.isReading = false;
    }
  }

  private async readUntilDry(outlet: FeedOutlet): Promise<void> {
    for (let more = true; more;) {
      if (outlet.isBlocked && !(await outlet.writable())) return;
      const page = await this.reader.read(this.position, PAGE_SIZE);
      if (this.isStopped || !(await this.sendPage(page, outlet))) return;
      more = page.more;
      if (!more) this.becomeLive();
      if (!more && page.ended) outlet.close('complete');
    }
  }

  /** Writes a page; `false` when the stream ended on the way. */
  private async sendPage(page: ReadablePage, outlet: FeedOutlet): Promise<boolean> {
    this.tellResume(page);
    if (page.gap) outlet.gap(page.gap);
    for (const message of page.events) {
      if (outlet.isBlocked && !(await outlet.writable())) return false;
      if (this.isStopped) return false;
      outlet.send(message);
      this.position = message.id;
      this.count(message);
    }
    this.position = page.cursor;
    return true;
  }

  /** With the first page it is known what became of the client's cursor. */
  private tellResume(page: ReadablePage): void {
    if (this.isResuming) this.metrics.tell('resumed', { result: page.gap?.reason ?? 'continued' });
    this.isResuming = false;
  }

  private count(message: OutgoingMessage): void {
    if (this.replayed !== undefined) {
      this.replayed += 1;
      return;
    }
    const { timestamp } = (message.data ?? {}) as { timestamp?: unknown };
    const stampedAt = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
    if (Number.isNaN(stampedAt)) return;
    this.metrics.tell('delivered', { seconds: Math.max(0, this.clock.now() - stampedAt) / 1000 });
  }

  private becomeLive(): void {
    if (this.replayed === undefined) return;
    if (this.replayed > 0) this.metrics.tell('replayed', { messages: this.replayed });
    this.replayed = undefined;
  }
}
