import type { RunDefinition } from '../definition/run-definition.js';
import type { RunHints } from '../log/run-hints.js';
import type { ResolvedRunsOptions } from '../runs-options.js';
import { RunExecution, type RunExecutionParts } from './run-execution.js';
import type { FetchedJob, RunQueue } from './run-queue.js';

/** Does runs on this node: claims those whose jobs it fetches, and watches over those that it does. */
export class RunWorker {
  private readonly executions = new Map<string, RunExecution>();
  private watchTimer: NodeJS.Timeout | undefined;
  private isStopping = false;

  constructor(
    private readonly definitions: ReadonlyMap<string, RunDefinition>,
    private readonly queue: RunQueue,
    private readonly hints: RunHints,
    private readonly parts: RunExecutionParts,
    private readonly options: Pick<ResolvedRunsOptions, 'concurrency' | 'pollIntervalMs' | 'runTimeoutMs' | 'logger'>,
  ) {}

  async start(): Promise<void> {
    this.hints.on('job', (kind) => this.queue.nudge(kind));
    this.hints.on('check', (runId) => {
      if (this.executions.has(runId)) void this.check([runId]);
    });
    await this.queue.work(this.options.concurrency, (kind, job) => this.handle(kind, job));
    this.watch();
  }

  /** Stops the steps and gives their runs up in order, so that they go on elsewhere or after a restart. */
  async stop(): Promise<void> {
    this.isStopping = true;
    clearTimeout(this.watchTimer);
    for (const execution of this.executions.values()) execution.abort('shutdown');
    await this.queue.stopWorking();
  }

  private async handle(kind: string, job: FetchedJob): Promise<void> {
    if (this.isStopping) throw new Error('This node is stopping: the run is for another.');
    const { clock, db, claims } = this.parts;
    const definition = this.definitions.get(kind);
    if (!definition) return;
    const now = new Date(clock.now());
    const claim = await claims.claim(db, job.data.runId, job.id, this.options.runTimeoutMs, now);
    if (!claim) return; // it has ended, or the job is a stray
    if (claim.told) {
      this.hints.runChanged(claim.id, claim.told.seq);
      this.hints.feedChanged(claim.owner, claim.told.feedSeq);
    }
    const execution = new RunExecution(claim, definition, this.parts);
    this.executions.get(claim.id)?.abort('lost');
    this.executions.set(claim.id, execution);
    const lose = (): void => execution.abort('lost');
    job.signal.addEventListener('abort', lose, { once: true });
    if (this.isStopping) execution.abort('shutdown');
    try {
      await execution.perform();
      if (this.isStopping) this.hints.jobQueued(kind);
    } finally {
      job.signal.removeEventListener('abort', lose);
      if (this.executions.get(claim.id) === execution) this.executions.delete(claim.id);
    }
  }

  /** Behind the hints: a cancel or a takeover that was not heard of is seen here. */
  private watch(): void {
    this.watchTimer = setTimeout(() => {
      void this.check([...this.executions.keys()]).finally(() => {
        if (!this.isStopping) this.watch();
      });
    }, this.options.pollIntervalMs).unref();
  }

  private async check(ids: readonly string[]): Promise<void> {
    try {
      const standing = await this.parts.claims.standing(this.parts.db, ids);
      for (const id of ids) {
        const execution = this.executions.get(id);
        const now = standing.get(id);
        if (!execution) continue;
        // An answer with a lower epoch was asked for before this claim, and says nothing of it.
        if (!now || now.epoch > execution.epoch) execution.abort('lost');
        else if (now.epoch === execution.epoch && now.status === 'cancelling') execution.abort('cancelled');
      }
    } catch (error) {
      this.options.logger.warn(`Could not look after the runs that are under way: ${String(error)}`);
    }
  }
}
