import type { ServerResponse } from 'node:http';
import type { SseClock } from '../clock.js';
import type { MetricsReporter } from '../sse-metrics.js';
import type { EncodedFrame } from './frame-encoder.js';

/**
 * Writes frames to one response. It never queues beyond what Node's own buffer holds: whoever has more to write asks
 * {@link isBlocked} and waits for {@link writable}. Frames of one turn of the event loop leave as one write, because
 * Node corks the socket until the next tick.
 */
export class StreamWriter {
  /** When bytes were last handed to the socket, ms. */
  lastWriteAt: number;
  /** Since when the client takes nothing, ms; `undefined` while it keeps up. */
  blockedSince: number | undefined;

  private waiters: ((isWritable: boolean) => void)[] = [];
  private isOver = false;

  /** @param onBlocked is told when a client stops keeping up */
  constructor(
    private readonly response: ServerResponse,
    private readonly clock: SseClock,
    private readonly metrics: MetricsReporter,
    private readonly onBlocked: () => void,
  ) {
    this.lastWriteAt = clock.now();
    response.on('drain', this.onDrain);
    response.once('close', this.stop);
    // A response that fails is a client that is gone; its close follows, and without a listener the process would die.
    response.on('error', this.stop);
  }

  /** Bytes that wait for the client in this process. */
  get bytesQueued(): number {
    return this.response.writableLength;
  }

  /** Whether the client is behind. */
  get isBlocked(): boolean {
    return this.response.writableNeedDrain;
  }

  /** Writes a frame; nothing happens once the response is over. */
  write({ event, bytes }: EncodedFrame): void {
    if (this.writeBytes(bytes)) this.metrics.sent(event, bytes.length);
  }

  /** Writes bytes that are no message, such as `retry:`. */
  writeBytes(bytes: Buffer): boolean {
    // Writing to a destroyed response emits an error that nobody would handle.
    if (this.isOver || this.response.destroyed || this.response.writableEnded) return false;
    this.lastWriteAt = this.clock.now();
    if (!this.response.write(bytes) && this.blockedSince === undefined) {
      this.blockedSince = this.lastWriteAt;
      this.metrics.tell('connectionSlowed');
      this.onBlocked();
    }
    return true;
  }

  /**
   * Resolves with `true` when the client has caught up, with `false` when writing is over: a closed socket never drains
   * (trap 10).
   */
  writable(): Promise<boolean> {
    if (this.isOver) return Promise.resolve(false);
    if (!this.isBlocked) return Promise.resolve(true);
    return new Promise((resolve) => this.waiters.push(resolve));
  }

  /** Ends all waiting; the response itself is not touched. */
  readonly stop = (): void => {
    if (this.isOver) return;
    this.isOver = true;
    this.response.off('drain', this.onDrain);
    this.unblock();
    this.wake(false);
  };

  private readonly onDrain = (): void => {
    this.unblock();
    this.wake(true);
  };

  private unblock(): void {
    if (this.blockedSince === undefined) return;
    this.blockedSince = undefined;
    this.metrics.tell('connectionCaughtUp');
  }

  private wake(isWritable: boolean): void {
    const waiters = this.waiters;
    this.waiters = [];
    for (const resolve of waiters) resolve(isWritable);
  }
}
