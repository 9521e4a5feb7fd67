import { randomUUID } from 'node:crypto';
import { isTerminal, type RunStatus } from '@throughline/sse-protocol';
import type { Selectable } from 'kysely';
import { RunConflict, RunNotFound } from '../run-errors.js';
import { stepsToRedo } from '../engine/step-order.js';
import type { RunAnnouncer, RunChange } from './run-announcer.js';
import type { RunDatabase, RunTable, RunTransaction } from './run-tables.js';

/** SQLSTATE (PostgreSQL, appendix A). */
const UNIQUE_VIOLATION = '23505';
const ACTIVE: RunStatus[] = ['queued', 'running', 'cancelling'];

/** What people do to runs that are there: cancel, retry, delete. What workers do is in `RunClaimStore`. */
export class RunStore {
  constructor(private readonly announcer: RunAnnouncer) {}

  /** Ends a queued run, asks a running one to end; changes nothing in any other state. */
  async cancel(db: RunDatabase, id: string, now: Date): Promise<RunChange | undefined> {
    return db.transaction().execute(async (transaction) => {
      const run = await lockRun(transaction, id);
      if (run.status !== 'queued' && run.status !== 'running') return undefined;
      const status = run.status === 'queued' ? 'cancelled' : 'cancelling';
      await transaction
        .updateTable('run')
        .set({ status, ...(status === 'cancelled' && { finished_at: now }) })
        .where('id', '=', id)
        .execute();
      return this.announcer.tell(transaction, run, status, run.attempt, now);
    });
  }

  /** Queues the run again, with the steps that did not go well and those that read from them. Throws {@link RunConflict}. */
  async retry(db: RunDatabase, id: string, now: Date): Promise<RunChange> {
    try {
      return await this.requeue(db, id, now);
    } catch (error) {
      // A start of the same subject was first; only the index of active runs is unique among what a retry writes.
      if ((error as { code?: string }).code === UNIQUE_VIOLATION) throw new RunConflict('run_active', id);
      throw error;
    }
  }

  private async requeue(db: RunDatabase, id: string, now: Date): Promise<RunChange> {
    return db.transaction().execute(async (transaction) => {
      const run = await lockRun(transaction, id);
      if (!isTerminal(run.status)) throw new RunConflict('run_active', id);
      if (run.status === 'succeeded') throw new RunConflict('run_not_retryable', id);
      const active = await activeRun(transaction, run.kind, run.subject);
      if (active) throw new RunConflict('run_active', active);
      await resetSteps(transaction, id);
      const jobId = randomUUID();
      const attempt = run.attempt + 1;
      await transaction
        .updateTable('run')
        .set({
          status: 'queued',
          attempt,
          job_id: jobId,
          is_released: true,
          error: null,
          started_at: null,
          finished_at: null,
          timeout_at: null,
        })
        .where('id', '=', id)
        .execute();
      return this.announcer.enqueue(transaction, { id, jobId, attempt, kind: run.kind, owner: run.owner }, now);
    });
  }

  /** Deletes the runs of a subject, whatever they are doing. Answers with those that were active. */
  async deleteWhere(
    db: RunDatabase | RunTransaction,
    column: 'subject' | 'owner',
    value: string,
    kind?: string,
  ): Promise<{ id: string; status: RunStatus }[]> {
    let query = db.deleteFrom('run').where(column, '=', value);
    if (kind !== undefined) query = query.where('kind', '=', kind);
    const gone = await query.returning(['id', 'status']).execute();
    return gone;
  }
}

async function lockRun(transaction: RunTransaction, id: string): Promise<Selectable<RunTable>> {
  const run = await transaction.selectFrom('run').where('id', '=', id).selectAll().forUpdate().executeTakeFirst();
  if (!run) throw new RunNotFound(id);
  return run;
}

async function resetSteps(transaction: RunTransaction, runId: string): Promise<void> {
  const steps = await transaction
    .selectFrom('run_step')
    .where('run_id', '=', runId)
    .select(['step_key', 'after', 'status', 'reason'])
    .execute();
  const redo = stepsToRedo(
    steps.map((step) => ({
      id: step.step_key,
      after: JSON.parse(step.after) as string[],
      isDone: (step.status === 'finished' || step.status === 'reused') && step.reason === null,
    })),
  );
  if (redo.length === 0) return;
  await transaction
    .updateTable('run_step')
    .set({ status: 'pending', error: null, reason: null, finished_at: null, started_at: null, interruptions: 0 })
    .where('run_id', '=', runId)
    .where('step_key', 'in', redo)
    .execute();
}

/** The id of the subject's run that has not ended. */
export async function activeRun(
  transaction: RunTransaction,
  kind: string,
  subject: string,
): Promise<string | undefined> {
  const row = await transaction
    .selectFrom('run')
    .where('kind', '=', kind)
    .where('subject', '=', subject)
    .where('status', 'in', ACTIVE)
    .select('id')
    .executeTakeFirst();
  return row?.id;
}
