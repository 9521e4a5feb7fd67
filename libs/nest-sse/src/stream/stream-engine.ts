import { Inject, Injectable, Logger } from '@nestjs/common';
import { MetricsReporter } from '../sse-metrics.js';
import type { SseSettings } from '../sse-options.js';
import { SSE_SETTINGS } from '../sse-tokens.js';
import { LogReaders } from '../log/log-reader.js';
import { FrameEncoder } from './frame-encoder.js';
import { HeartbeatWheel } from './heartbeat-wheel.js';

/** What all streams of an application share. */
@Injectable()
export class StreamEngine {
  readonly logger = new Logger('SseStream');
  readonly encoder: FrameEncoder;
  readonly wheel: HeartbeatWheel;
  readonly metrics: MetricsReporter;
  readonly readers = new LogReaders();

  constructor(@Inject(SSE_SETTINGS) readonly settings: SseSettings) {
    const { clock, heartbeatIntervalMs, maxLifetimeMs, stallTimeoutMs } = settings;
    const shortestMs = Math.min(heartbeatIntervalMs, maxLifetimeMs, stallTimeoutMs);
    this.encoder = new FrameEncoder(clock);
    this.wheel = new HeartbeatWheel(clock, Math.min(500, Math.max(1, Math.floor(shortestMs / 20))));
    this.metrics = new MetricsReporter(settings.metrics);
  }
}
