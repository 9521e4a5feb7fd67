import type { RunError, RunStatus } from '@throughline/sse-protocol';
import type { Selectable, UpdateObject } from 'kysely';
import type { RunEventStore } from './run-event.store.js';
import type { RunFeedStore } from './run-feed.store.js';
import type { RunDatabase, RunStepTable, RunTables, RunTransaction } from './run-tables.js';
import { encodeStatus } from './stored-message.js';

/** A step's row, as its worker sees it. */
export type StepRow = Selectable<RunStepTable>;

/** A run that a worker may do, until somebody else claims it. */
export interface Claim {
  id: string;
  kind: string;
  owner: string;
  subject: string;
  status: 'running' | 'cancelling';
  attempt: number;
  epoch: number;
  jobId: string;
  progress: number;
  input: unknown;
  previousResult?: Record<string, unknown>;
  createdAt: Date;
  startedAt: Date;
  timeoutAt: Date;
  steps: StepRow[];
  /** Sequence numbers to hint at, where the claim wrote a status. */
  told?: { seq: number; feedSeq: number };
}

/** What workers do to runs. Every write is under the claim's epoch. */
export class RunClaimStore {
  constructor(
    private readonly events: RunEventStore,
    private readonly feed: RunFeedStore,
  ) {}

  /**
   * Claims a run for the job that was sent for it and raises its epoch, so that whoever had it before writes nothing
   * more. `undefined` where the run has ended or the job is not its own.
   */
  async claim(db: RunDatabase, runId: string, jobId: string, timeoutMs: number, now: Date): Promise<Claim | undefined> {
    return db.transaction().execute(async (transaction) => {
      const before = await transaction
        .selectFrom('run')
        .where('id', '=', runId)
        .where('job_id', '=', jobId)
        .where('status', 'in', ['queued', 'running', 'cancelling'])
        .selectAll()
        .forUpdate()
        .executeTakeFirst();
      if (!before) return undefined;
      const isNew = before.status === 'queued';
      const times = isNew ? { started_at: now, timeout_at: new Date(now.getTime() + timeoutMs) } : {};
      const run = await transaction
        .updateTable('run')
        .set({ epoch: before.epoch + 1, is_released: false, ...times, ...(isNew && { status: 'running' }) })
        .where('id', '=', runId)
        .returningAll()
        .executeTakeFirstOrThrow();
      if (!before.is_released) await countInterruption(transaction, runId);
      const told = isNew ? await this.tellRunning(transaction, run, now) : undefined;
      const steps = await transaction
        .selectFrom('run_step')
        .where('run_id', '=', runId)
        .selectAll()
        .orderBy('position')
        .execute();
      return {
        id: runId,
        kind: run.kind,
        owner: run.owner,
        subject: run.subject,
        status: run.status as Claim['status'],
        attempt: run.attempt,
        epoch: run.epoch,
        jobId,
        progress: run.progress,
        input: JSON.parse(run.input) as unknown,
        ...(run.result && { previousResult: JSON.parse(run.result) as Record<string, unknown> }),
        createdAt: new Date(run.created_at),
        startedAt: new Date(run.started_at ?? now),
        timeoutAt: new Date(run.timeout_at ?? now),
        steps,
        ...(told && { told }),
      };
    });
  }

  /** How runs stand, for those who do them. */
  async standing(db: RunDatabase, ids: readonly string[]): Promise<Map<string, { epoch: number; status: RunStatus }>> {
    if (ids.length === 0) return new Map();
    const rows = await db.selectFrom('run').where('id', 'in', ids).select(['id', 'epoch', 'status']).execute();
    return new Map(rows.map(({ id, epoch, status }) => [id, { epoch, status }]));
  }

  async updateRun(
    transaction: RunTransaction,
    claim: Pick<Claim, 'id' | 'epoch'>,
    from: readonly RunStatus[],
    change: UpdateObject<RunTables, 'run'>,
  ): Promise<boolean> {
    const { numUpdatedRows } = await transaction
      .updateTable('run')
      .set(change)
      .where('id', '=', claim.id)
      .where('epoch', '=', claim.epoch)
      .where('status', 'in', from)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  /** Call after an append of the same transaction: that one is fenced and holds the run's row. */
  async updateStep(
    transaction: RunTransaction,
    runId: string,
    stepId: string,
    change: UpdateObject<RunTables, 'run_step'>,
  ): Promise<void> {
    await transaction
      .updateTable('run_step')
      .set(change)
      .where('run_id', '=', runId)
      .where('step_key', '=', stepId)
      .execute();
  }

  /** A step that was under way when its run was cancelled is to be done when the run is retried. */
  async resetRunningSteps(transaction: RunTransaction, runId: string): Promise<void> {
    await transaction
      .updateTable('run_step')
      .set({ status: 'pending', started_at: null })
      .where('run_id', '=', runId)
      .where('status', '=', 'running')
      .execute();
  }

  /** A step that failed the run. */
  async failStep(
    transaction: RunTransaction,
    runId: string,
    stepId: string,
    error: RunError,
    now: Date,
  ): Promise<void> {
    await this.updateStep(transaction, runId, stepId, {
      status: 'failed',
      error: JSON.stringify(error),
      finished_at: now,
    });
  }

  private async tellRunning(
    transaction: RunTransaction,
    run: { id: string; owner: string; attempt: number },
    now: Date,
  ): Promise<{ seq: number; feedSeq: number }> {
    const message = encodeStatus(run.id, 'running', run.attempt, now);
    const seq = await this.events.append(transaction, run.id, [message], { now });
    const feedSeq = await this.feed.append(transaction, run.owner, [message], now);
    return { seq: seq ?? 0, feedSeq };
  }
}

async function countInterruption(transaction: RunTransaction, runId: string): Promise<void> {
  await transaction
    .updateTable('run_step')
    .set((column) => ({ interruptions: column('interruptions', '+', 1) }))
    .where('run_id', '=', runId)
    .where('status', '=', 'running')
    .execute();
}
