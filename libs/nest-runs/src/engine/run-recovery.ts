import { randomUUID } from 'node:crypto';
import type { RunHints } from '../log/run-hints.js';
import type { ResolvedRunsOptions } from '../runs-options.js';
import type { RunDatabase } from '../store/run-tables.js';
import type { RunQueue } from './run-queue.js';

const SWEEP_INTERVAL_MS = 10_000;
/** A run that has written nothing for this long is looked at. */
const SILENT_MS = 30_000;

interface Orphan {
  id: string;
  kind: string;
  job_id: string;
}

/**
 * Gives runs that have not ended a job again where they have lost theirs. The run's tables are the truth; the queue is
 * only how a worker hears of it.
 */
export class RunRecovery {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly db: RunDatabase,
    private readonly queue: RunQueue,
    private readonly hints: RunHints,
    private readonly options: Pick<ResolvedRunsOptions, 'isEmbedded' | 'clock' | 'logger'>,
  ) {}

  /** On the embedded database, queues all runs again that an earlier process left; then looks for silent ones. */
  async start(kinds: readonly string[]): Promise<void> {
    if (this.options.isEmbedded) {
      await this.queue.clear();
      for (const orphan of await this.unfinished(kinds)) await this.requeue(orphan);
    }
    this.schedule(kinds);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private schedule(kinds: readonly string[]): void {
    this.timer = setTimeout(() => {
      void this.sweep(kinds).finally(() => {
        if (this.timer !== undefined) this.schedule(kinds);
      });
    }, SWEEP_INTERVAL_MS).unref();
  }

  /** Looks at runs that have been silent, and queues those again whose job is gone. Answers with how many. */
  async sweep(kinds: readonly string[]): Promise<number> {
    let count = 0;
    try {
      const since = new Date(this.options.clock.now() - SILENT_MS);
      for (const orphan of await this.unfinished(kinds, since)) {
        if (await this.queue.isAlive(orphan.kind, orphan.job_id)) continue;
        if (await this.requeue(orphan)) count += 1;
      }
    } catch (error) {
      this.options.logger.warn(`Could not look for runs without a job: ${String(error)}`);
    }
    return count;
  }

  private async unfinished(kinds: readonly string[], silentSince?: Date): Promise<Orphan[]> {
    if (kinds.length === 0) return [];
    let query = this.db
      .selectFrom('run')
      .where('status', 'in', ['queued', 'running', 'cancelling'])
      .where('kind', 'in', [...kinds])
      .select(['id', 'kind', 'job_id'])
      .orderBy('created_at');
    if (silentSince) query = query.where('touched_at', '<', silentSince);
    return query.execute();
  }

  private async requeue({ id, kind, job_id }: Orphan): Promise<boolean> {
    const jobId = randomUUID();
    const isOurs = await this.db.transaction().execute(async (transaction) => {
      const { numUpdatedRows } = await transaction
        .updateTable('run')
        .set({ job_id: jobId })
        .where('id', '=', id)
        .where('job_id', '=', job_id)
        .where('status', 'in', ['queued', 'running', 'cancelling'])
        .executeTakeFirst();
      if (numUpdatedRows === 0n) return false;
      await this.queue.send(transaction, kind, jobId, id);
      return true;
    });
    if (!isOurs) return false;
    this.options.logger.log(`Run ${id} (${kind}) had lost its place in the queue and was queued again.`);
    this.hints.jobQueued(kind);
    return true;
  }
}
