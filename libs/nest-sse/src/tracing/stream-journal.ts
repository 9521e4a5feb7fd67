import { Logger } from '@nestjs/common';
import type { SseMetrics } from '../sse-metrics.js';

/**
 * A line at debug level for each stream that opens, closes or is refused, in `name=value` pairs that are bounded as the
 * metrics are. What a client does is never more than that: no warning, no stack trace.
 */
export class StreamJournal implements SseMetrics {
  constructor(private readonly logger: Pick<Logger, 'debug'> = new Logger('SseStream')) {}

  connectionOpened({ kind }: { kind: string }): void {
    this.logger.debug(`opened kind=${kind}`);
  }

  connectionClosed({ kind, reason, durationMs }: { kind: string; reason: string; durationMs: number }): void {
    this.logger.debug(`closed kind=${kind} reason=${reason} durationMs=${durationMs}`);
  }

  connectionRefused({ kind, reason }: { kind: string; reason: string }): void {
    this.logger.debug(`refused kind=${kind} reason=${reason}`);
  }

  pageServed({ kind, messages }: { kind: string; messages: number }): void {
    this.logger.debug(`page kind=${kind} messages=${messages}`);
  }
}
