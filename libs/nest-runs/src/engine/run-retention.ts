import type { ResolvedRunsOptions } from '../runs-options.js';
import type { RunEventStore } from '../store/run-event.store.js';
import type { RunFeedStore } from '../store/run-feed.store.js';
import type { RunDatabase } from '../store/run-tables.js';

const MAX_INTERVAL_MS = 30_000;
const MIN_INTERVAL_MS = 1000;
/** Runs of one transaction: it is short, so that nobody waits for it. */
const BATCH = 20;

/** Trims what is older than it is to be kept, within half a minute. */
export class RunRetention {
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;

  constructor(
    private readonly db: RunDatabase,
    private readonly events: RunEventStore,
    private readonly feed: RunFeedStore,
    private readonly options: Pick<
      ResolvedRunsOptions,
      'eventRetentionMs' | 'feedRetentionMs' | 'idempotencyRetentionMs' | 'clock' | 'logger'
    >,
  ) {}

  start(): void {
    const { eventRetentionMs } = this.options;
    const delayMs = Math.min(Math.max(eventRetentionMs / 2, MIN_INTERVAL_MS), MAX_INTERVAL_MS);
    this.timer = setTimeout(() => {
      void this.sweep().finally(() => {
        if (!this.isStopped) this.start();
      });
    }, delayMs).unref();
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  /** Trims now. */
  async sweep(): Promise<void> {
    const before = (ageMs: number): Date => new Date(Math.max(this.options.clock.now() - ageMs, 0));
    try {
      while (
        (await this.events.trim(this.db, before(this.options.eventRetentionMs), BATCH)) === BATCH &&
        !this.isStopped
      );
      await this.feed.trim(this.db, before(this.options.feedRetentionMs));
      await this.db
        .deleteFrom('run_idempotency_key')
        .where('created_at', '<=', before(this.options.idempotencyRetentionMs))
        .execute();
    } catch (error) {
      this.options.logger.warn(`Old messages could not be trimmed; the next try is in a moment: ${String(error)}`);
    }
  }
}
