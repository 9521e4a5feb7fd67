import { Logger } from '@nestjs/common';
import type { RunDefinition } from './definition/run-definition.js';
import { RunQueue } from './engine/run-queue.js';
import { RunRecovery } from './engine/run-recovery.js';
import { RunRetention } from './engine/run-retention.js';
import { RunWorker } from './engine/run-worker.js';
import { orderSteps } from './engine/step-order.js';
import { RunHints } from './log/run-hints.js';
import { systemClock, type RunClock } from './run-clock.js';
import type { ResolvedRunsOptions, RunsOptions } from './runs-options.js';
import { InProcessSignals } from './signals/in-process-signals.js';
import { RunClaimStore } from './store/run-claim.store.js';
import { RunEventStore } from './store/run-event.store.js';
import { RunFeedStore } from './store/run-feed.store.js';
import { RunSnapshotStore } from './store/run-snapshot.store.js';
import { RunAnnouncer } from './store/run-announcer.js';
import { RunStartStore } from './store/run-start.store.js';
import { RunStore } from './store/run.store.js';
import type { RunDatabase } from './store/run-tables.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Everything that runs need on one node, put together; Nest starts and stops it. */
export class RunRuntime {
  readonly options: ResolvedRunsOptions;
  readonly db: RunDatabase;
  readonly clock: RunClock;
  readonly snapshotUrl: (runId: string) => string;
  readonly feedSnapshotUrl: (owner: string) => string;
  readonly events = new RunEventStore();
  readonly feeds = new RunFeedStore();
  readonly snapshots = new RunSnapshotStore();
  readonly runs: RunStore;
  readonly starts: RunStartStore;
  readonly hints: RunHints;
  readonly recovery: RunRecovery;
  readonly retention: RunRetention;
  private readonly worker: RunWorker;
  private readonly queue: RunQueue;
  private starting: Promise<void> | undefined;
  private stopping: Promise<void> | undefined;

  /** @param definitions by kind; filled before {@link start} */
  constructor(
    options: RunsOptions,
    readonly definitions: ReadonlyMap<string, RunDefinition>,
  ) {
    this.options = resolveOptions(options);
    const { db, clock, snapshotUrl, feedSnapshotUrl, logger, runTimeoutMs } = this.options;
    this.db = db as unknown as RunDatabase;
    this.clock = clock;
    this.snapshotUrl = snapshotUrl;
    this.feedSnapshotUrl = feedSnapshotUrl;
    this.queue = new RunQueue(this.options);
    const sendJob = this.queue.send.bind(this.queue);
    const announcer = new RunAnnouncer(this.events, this.feeds, sendJob);
    this.runs = new RunStore(announcer);
    this.starts = new RunStartStore(announcer);
    this.hints = new RunHints(this.options, {
      runs: (ids) => this.events.tails(this.db, ids),
      feeds: (owners) => this.feeds.tails(this.db, owners),
    });
    const claims = new RunClaimStore(this.events, this.feeds);
    const { events, feeds, hints } = this;
    const parts = { db: this.db, events, feed: feeds, hints, clock, claims, sendJob, logger, runTimeoutMs };
    this.worker = new RunWorker(definitions, this.queue, hints, parts, this.options);
    this.recovery = new RunRecovery(this.db, this.queue, hints, this.options);
    this.retention = new RunRetention(this.db, events, feeds, this.options);
  }

  /** Makes the queue ready, takes up what was left, and begins to work. The run tables must be there. */
  start(): Promise<void> {
    return (this.starting ??= this.open());
  }

  /** Resolves once runs can be started. */
  async whenReady(): Promise<void> {
    await this.starting;
  }

  /** Releases the runs that are under way here and closes what was opened; the database stays open. */
  stop(): Promise<void> {
    return (this.stopping ??= this.close());
  }

  private async open(): Promise<void> {
    const kinds = [...this.definitions.keys()];
    for (const definition of this.definitions.values()) orderSteps(definition.steps); // a mistake shows at start
    await this.hints.open();
    await this.queue.open(kinds);
    await this.recovery.start(kinds);
    if (this.options.workers) await this.worker.start();
    this.retention.start();
  }

  private async close(): Promise<void> {
    await this.starting?.catch(() => undefined); // who started it has the error
    this.retention.stop();
    this.recovery.stop();
    await this.worker.stop();
    await this.queue.close();
    await this.hints.close();
  }
}

function resolveOptions(options: RunsOptions): ResolvedRunsOptions {
  return {
    signals: new InProcessSignals(),
    workers: true,
    concurrency: 4,
    runTimeoutMs: 300_000,
    eventRetentionMs: 30 * DAY_MS,
    feedRetentionMs: DAY_MS,
    idempotencyRetentionMs: DAY_MS,
    pollIntervalMs: 1000,
    snapshotUrl: (runId) => `/runs/${encodeURIComponent(runId)}`,
    feedSnapshotUrl: () => '',
    clock: systemClock,
    logger: new Logger('Runs'),
    ...options,
  };
}
