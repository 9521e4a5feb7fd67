import type { SseClock } from '../clock.js';
import type { MetricsReporter } from '../sse-metrics.js';
import type { LogFrame } from './frame-encoder.js';

/** Tells the metrics of frames that were written: once per event name and write, not once per frame and connection. */
export class FrameTally {
  constructor(
    private readonly metrics: MetricsReporter,
    private readonly clock: SseClock,
  ) {}

  /** Frames that are new went to so many connections. */
  delivered(frames: readonly LogFrame[], connections: number): void {
    if (connections === 0) return;
    this.sent(frames, connections);
    if (!this.metrics.observes('delivered')) return;
    for (const { timestamp } of frames) {
      const madeAtMs = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
      if (Number.isNaN(madeAtMs)) continue;
      this.metrics.tell('delivered', { seconds: Math.max(0, this.clock.now() - madeAtMs) / 1000 });
    }
  }

  /** Frames went to so many connections, new or again. */
  sent(frames: readonly { readonly event: string; readonly size: number }[], connections = 1): void {
    if (!this.metrics.observes('messagesSent')) return;
    const sums = new Map<string, { count: number; bytes: number }>();
    for (const { event, size } of frames) {
      let sum = sums.get(event);
      if (!sum) sums.set(event, (sum = { count: 0, bytes: 0 }));
      sum.count += connections;
      sum.bytes += connections * size;
    }
    for (const [event, { count, bytes }] of sums) this.metrics.sent(event, count, bytes);
  }
}
