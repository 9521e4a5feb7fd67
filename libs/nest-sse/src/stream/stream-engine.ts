import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Cursor } from '@throughline/sse-protocol';
import type { Observable } from 'rxjs';
import { MetricsReporter } from '../sse-metrics.js';
import type { SseSettings } from '../sse-options.js';
import { SSE_SETTINGS } from '../sse-tokens.js';
import { LogReader } from '../log/log-reader.js';
import type { ReadableLog } from '../log/readable-log.js';
import type { StreamFeed } from './feed.js';
import { FlushScheduler } from './flush-scheduler.js';
import { StreamJournal } from '../tracing/stream-journal.js';
import { FrameEncoder, type OutgoingMessage } from './frame-encoder.js';
import { FrameJoiner } from './frame-joiner.js';
import { FrameTally } from './frame-tally.js';
import { FrameBudget } from './frame-budget.js';
import { FrameWindow } from './frame-window.js';
import { HeartbeatWheel } from './heartbeat-wheel.js';
import { LogFeed } from './log-feed.js';
import { LogFollower } from './log-follower.js';
import { ObservableFeed } from './observable-feed.js';
import { TurnQueue } from './turn-queue.js';

/** What all streams of an application share. */
@Injectable()
export class StreamEngine {
  readonly logger = new Logger('SseStream');
  readonly encoder: FrameEncoder;
  readonly wheel: HeartbeatWheel;
  readonly metrics: MetricsReporter;
  readonly tally: FrameTally;
  readonly joiner = new FrameJoiner();
  readonly openings = new TurnQueue();
  readonly scheduler: FlushScheduler;
  private readonly budget: FrameBudget;
  private readonly followers = new WeakMap<ReadableLog, LogFollower>();

  constructor(@Inject(SSE_SETTINGS) readonly settings: SseSettings) {
    const { clock, heartbeatIntervalMs, maxLifetimeMs, stallTimeoutMs } = settings;
    const shortestMs = Math.min(heartbeatIntervalMs, maxLifetimeMs, stallTimeoutMs);
    this.encoder = new FrameEncoder(clock);
    this.wheel = new HeartbeatWheel(clock, Math.min(500, Math.max(1, Math.floor(shortestMs / 20))));
    this.metrics = new MetricsReporter(settings.metrics, new StreamJournal());
    this.budget = new FrameBudget(settings.frameWindowsTotalBytes);
    this.tally = new FrameTally(this.metrics, clock);
    this.scheduler = new FlushScheduler(settings.joinWindowMs);
  }

  /** Feeds a connection from a log, after `cursor` or from its start. */
  logFeed(log: ReadableLog, cursor: Cursor | undefined): StreamFeed {
    return new LogFeed(this.follow(log), cursor, this.tally, this.metrics);
  }

  /** Feeds a connection from an Observable. */
  observableFeed(
    messages: Observable<OutgoingMessage>,
    cursor: Cursor | undefined,
    latestBy?: (message: OutgoingMessage) => string,
  ): StreamFeed {
    const { maxQueuedBytes } = this.settings;
    return new ObservableFeed(messages, cursor, { maxQueuedBytes, latestBy }, this);
  }

  /** What all connections of a log share, for as long as the log is in use. */
  private follow(log: ReadableLog): LogFollower {
    let follower = this.followers.get(log);
    if (!follower) {
      const window = new FrameWindow(this.settings.frameWindowBytes, this.budget);
      follower = new LogFollower(new LogReader(log), this.encoder, this.scheduler, this.tally, window);
      this.followers.set(log, follower);
    }
    return follower;
  }
}
