import type { SseClock } from '../clock.js';
import type { MetricsReporter } from '../sse-metrics.js';
import type { StreamSink } from './stream-sink.js';

/** Is told when a client no longer takes what it is sent. */
export interface WriterOwner {
  onSlow(): void;
}

/** Writers that could not hand over all in this turn: looked at again in the next, when most have. */
class BlockedWriters {
  private writers = new Set<StreamWriter>();

  add(writer: StreamWriter): void {
    if (this.writers.size === 0) setImmediate(() => this.look());
    this.writers.add(writer);
  }

  private look(): void {
    const writers = this.writers;
    this.writers = new Set();
    for (const writer of writers) writer.lookAgain();
  }
}

const blockedWriters = new BlockedWriters();

/**
 * Writes frames to one client. It never queues beyond what Node's own buffer holds: whoever has more to write asks
 * {@link isBlocked} and waits for {@link writable}.
 */
export class StreamWriter {
  /** When bytes were last handed over, ms. */
  lastWriteAt: number;
  /** Since when the client takes nothing, ms; `undefined` while it keeps up. */
  blockedSince: number | undefined;

  private waiters: ((isWritable: boolean) => void)[] | undefined;
  private isSlow = false;
  private isOver = false;

  constructor(
    private readonly sink: StreamSink,
    private readonly clock: SseClock,
    private readonly metrics: MetricsReporter,
    private readonly owner: WriterOwner,
  ) {
    this.lastWriteAt = clock.now();
  }

  /** Bytes that wait for the client in this process. */
  get bytesQueued(): number {
    return this.sink.writableLength;
  }

  /** Whether the client is behind. */
  get isBlocked(): boolean {
    return this.sink.writableNeedDrain;
  }

  /** Writes bytes; nothing happens once the stream is over. */
  write(bytes: Buffer): void {
    // Writing to what is destroyed emits an error that nobody would handle.
    if (this.isOver || this.sink.destroyed || this.sink.writableEnded) return;
    this.lastWriteAt = this.clock.now();
    // A middleware's write() may answer nothing: then what the response itself says counts.
    const answer = this.sink.write(bytes) as boolean | undefined;
    const isTaken = answer !== false && !this.sink.writableNeedDrain;
    if (isTaken || this.blockedSince !== undefined) return;
    this.blockedSince = this.lastWriteAt;
    this.sink.once('drain', this.onDrain.bind(this));
    blockedWriters.add(this);
  }

  /**
   * Resolves with `true` when the client has caught up, with `false` when writing is over: a closed socket never drains
   * (trap 10).
   */
  writable(): Promise<boolean> {
    if (this.isOver) return Promise.resolve(false);
    if (!this.isBlocked) return Promise.resolve(true);
    return new Promise((resolve) => (this.waiters ??= []).push(resolve));
  }

  /** Ends all waiting; the response itself is not touched. */
  stop(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.unblock();
    this.wake(false);
  }

  /** A turn after a write that was not taken whole: what is still not taken is slow. */
  lookAgain(): void {
    if (this.isOver || this.isSlow || this.blockedSince === undefined) return;
    this.isSlow = true;
    this.metrics.tell('connectionSlowed');
    this.owner.onSlow();
  }

  private onDrain(): void {
    if (this.isOver) return;
    this.unblock();
    this.wake(true);
  }

  private unblock(): void {
    this.blockedSince = undefined;
    if (!this.isSlow) return;
    this.isSlow = false;
    this.metrics.tell('connectionCaughtUp');
  }

  private wake(isWritable: boolean): void {
    const { waiters } = this;
    this.waiters = undefined;
    for (const resolve of waiters ?? []) resolve(isWritable);
  }
}
