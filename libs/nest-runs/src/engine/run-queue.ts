import { PgBoss, fromKysely, type Job } from 'pg-boss';
import type { ResolvedRunsOptions } from '../runs-options.js';
import type { RunTransaction } from '../store/run-tables.js';

/** What a job says: which run to do. Everything else is in the run's own tables. */
export interface RunJob {
  runId: string;
}

/** A job as its handler gets it. */
export type FetchedJob = Pick<Job<RunJob>, 'id' | 'data' | 'signal'>;

/**
 * Takeovers of one job before the queue gives it up; far more than a run survives (see the engine's own limit), so that
 * the run's end is always written by the engine.
 */
const RETRY_LIMIT = 1000;
const MAX_EXPIRY_SECONDS = 24 * 60 * 60;

/** pg-boss, as runs use it: one queue per kind, whose jobs dispatch run ids and nothing else. */
export class RunQueue {
  private readonly boss: PgBoss;
  private readonly workerIds = new Map<string, string[]>();
  private readonly kinds: string[] = [];

  constructor(private readonly options: ResolvedRunsOptions) {
    const { queue, isEmbedded, logger } = options;
    this.boss = new PgBoss({
      ...queue,
      schedule: false,
      // Elsewhere a lapsed heartbeat must be seen at once; a database in this process has nobody else's jobs.
      ...(!isEmbedded && { superviseIntervalSeconds: 1, monitorIntervalSeconds: 1 }),
    });
    this.boss.on('error', (error) => logger.error(`The queue reports: ${error.message}`, error.stack));
    this.boss.on('warning', ({ message }) => logger.warn(`The queue warns: ${message}`));
  }

  /** Makes pg-boss's schema and the queues of these kinds. */
  async open(kinds: readonly string[]): Promise<void> {
    await this.boss.start();
    for (const kind of kinds) {
      const settings = {
        retryLimit: RETRY_LIMIT,
        retryDelay: 1,
        expireInSeconds: Math.min(Math.ceil(this.options.runTimeoutMs / 1000) + 60, MAX_EXPIRY_SECONDS),
        deleteAfterSeconds: 60 * 60,
        ...(!this.options.isEmbedded && { heartbeatSeconds: 10 }),
      };
      await this.boss.createQueue(queueName(kind), settings);
      // A queue that is there already keeps the settings of an earlier start.
      await this.boss.updateQueue(queueName(kind), settings);
      // Fills pg-boss's cache of queues: a send inside a transaction could not look it up on a single connection.
      await this.boss.findJobs(queueName(kind), { key: '' });
      this.kinds.push(kind);
    }
  }

  /** Fetches and handles jobs of each kind, so many at a time. */
  async work(concurrency: number, handle: (kind: string, job: FetchedJob) => Promise<void>): Promise<void> {
    for (const kind of this.kinds) {
      const ids: string[] = [];
      this.workerIds.set(kind, ids);
      for (let n = 0; n < concurrency; n += 1) {
        const own: { id?: string } = {};
        own.id = await this.boss.work<RunJob>(queueName(kind), this.workOptions(), async ([job]) => {
          if (job) await handle(kind, job);
          if (own.id !== undefined) this.boss.notifyWorker(own.id); // looks for the next at once, not at the next poll
        });
        ids.push(own.id);
      }
    }
  }

  /** Makes this node's workers of a kind look for a job now. */
  nudge(kind: string): void {
    for (const id of this.workerIds.get(kind) ?? []) this.boss.notifyWorker(id);
  }

  /** Adds a job that exists exactly if the transaction commits. */
  async send(transaction: RunTransaction, kind: string, jobId: string, runId: string): Promise<void> {
    await this.boss.send(queueName(kind), { runId }, { id: jobId, db: fromKysely(transaction) });
  }

  /** Whether a job is waiting or being done. */
  async isAlive(kind: string, jobId: string): Promise<boolean> {
    const [job] = await this.boss.findJobs(queueName(kind), { id: jobId });
    return job !== undefined && (job.state === 'created' || job.state === 'retry' || job.state === 'active');
  }

  /** Forgets all jobs: right only where nobody else can be doing one. */
  async clear(): Promise<void> {
    for (const kind of this.kinds) await this.boss.deleteAllJobs(queueName(kind));
  }

  /** Stops fetching and waits for what is being handled. */
  async stopWorking(): Promise<void> {
    await Promise.all([...this.workerIds.keys()].map((kind) => this.boss.offWork(queueName(kind), { wait: true })));
    this.workerIds.clear();
  }

  async close(): Promise<void> {
    await this.boss.stop({ graceful: false, close: true });
  }

  private workOptions() {
    return {
      batchSize: 1,
      pollingIntervalSeconds: 1,
      ...(!this.options.isEmbedded && { heartbeatRefreshSeconds: 3 }),
    } as const;
  }
}

function queueName(kind: string): string {
  return `runs.${kind}`;
}
