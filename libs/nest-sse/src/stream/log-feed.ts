import type { Cursor } from '@throughline/sse-protocol';
import type { MetricsReporter } from '../sse-metrics.js';
import type { FrameChunk } from './encoded-page.js';
import type { FeedOutlet, StreamFeed } from './feed.js';
import { nextTurn } from './flush-scheduler.js';
import type { FrameTally } from './frame-tally.js';
import type { FollowerMember, LogFollower } from './log-follower.js';

/** A client that catches up and was sent so much lets others have their turn: a thousand of them may do so at once. */
const TURN_BYTES = 32 * 1024;

/**
 * Feeds a connection from a log: subscribes to hints first, reads until it is level with the log's other connections,
 * then is sent what they are sent. The log is the queue: a client that falls behind leaves those who are level, and
 * reads on from its own place when it can (traps 3, 4 and 21).
 */
export class LogFeed implements StreamFeed, FollowerMember {
  lastEventId: Cursor | undefined;

  private outlet: FeedOutlet | undefined;
  private isStopped = false;
  private isResuming: boolean;
  /** Messages sent before the stream was level with its log; `undefined` once it was. */
  private replayed: number | undefined = 0;
  private turnBytes = 0;

  constructor(
    private readonly follower: LogFollower,
    public position: Cursor | undefined,
    private readonly tally: FrameTally,
    private readonly metrics: MetricsReporter,
  ) {
    this.isResuming = position !== undefined;
    this.lastEventId = position;
  }

  get cursor(): Cursor | undefined {
    return this.position;
  }

  start(outlet: FeedOutlet): void {
    if (this.isStopped) return;
    this.outlet = outlet;
    this.follower.attach(this);
    void this.catchUp(outlet);
  }

  stop(): void {
    this.isStopped = true;
    if (this.outlet) this.follower.detach(this);
  }

  receive(chunks: readonly FrameChunk[]): number {
    const outlet = this.outlet as FeedOutlet;
    // By index: this runs for each connection and message, and iterators cost as much as all the rest here.
    for (let index = 0; index < chunks.length; index += 1) {
      if (outlet.isBlocked) return index;
      this.write(chunks[index] as FrameChunk, outlet);
    }
    return chunks.length;
  }

  moveOn(position: Cursor): void {
    this.position = position;
  }

  fallBehind(): void {
    if (!this.isStopped && this.outlet) void this.catchUp(this.outlet);
  }

  complete(): void {
    this.outlet?.close('complete');
  }

  fail(error: unknown): void {
    this.outlet?.fail(error, 'source_failed');
  }

  private async catchUp(outlet: FeedOutlet): Promise<void> {
    try {
      while (await this.isReady(outlet)) {
        if (this.follower.admit(this)) return this.becomeLive();
        const chunk = this.follower.window.find(this.position);
        if (chunk) this.replay(chunk, outlet);
        else await this.readOn(outlet);
      }
    } catch (error) {
      outlet.fail(error, 'source_failed');
    }
  }

  /** Waits until the client takes more, and lets others have their turn; `false` when the stream is over. */
  private async isReady(outlet: FeedOutlet): Promise<boolean> {
    if (outlet.isBlocked && !(await outlet.writable())) return false;
    if (this.turnBytes > TURN_BYTES) {
      this.turnBytes = 0;
      await nextTurn();
    }
    return !this.isStopped;
  }

  private async readOn(outlet: FeedOutlet): Promise<void> {
    const read = await this.follower.read(this.position);
    if (this.isStopped) return;
    const { page, chunks, failure } = read;
    this.tellResume(page.gap?.reason);
    if (page.gap) {
      outlet.gap(page.gap);
      // The client learns from the gap where it is; its cursor moves with the next message.
      this.position = this.lastEventId = page.gap.to;
    }
    // What is more than a client may take at once is found in the window, or read again: nothing is held for it here.
    for (const chunk of chunks) {
      if (outlet.isBlocked) return;
      this.replay(chunk, outlet);
    }
    if (failure) throw failure.error;
    this.position = page.cursor;
    if (!page.more) await this.follower.arrive(page.cursor, read);
  }

  private replay(chunk: FrameChunk, outlet: FeedOutlet): void {
    this.tellResume();
    this.write(chunk, outlet);
    this.turnBytes += chunk.bytes.length;
    this.tally.sent(chunk.frames);
    if (this.replayed !== undefined) this.replayed += chunk.frames.length;
  }

  private write({ bytes, frames, end }: FrameChunk, outlet: FeedOutlet): void {
    outlet.write(bytes);
    this.position = end;
    this.lastEventId = frames.at(-1)?.id;
  }

  /** With what is read first it is known what became of the client's cursor. */
  private tellResume(gap?: 'trimmed' | 'epoch' | 'ahead'): void {
    if (this.isResuming) this.metrics.tell('resumed', { result: gap ?? 'continued' });
    this.isResuming = false;
  }

  private becomeLive(): void {
    this.tellResume();
    if (this.replayed === undefined) return;
    if (this.replayed > 0) this.metrics.tell('replayed', { messages: this.replayed });
    this.replayed = undefined;
  }
}
