import { randomUUID } from 'node:crypto';
import { isTerminal, type RunStatus } from '@throughline/sse-protocol';
import { sql, type Selectable } from 'kysely';
import { RunConflict, RunNotFound } from '../run-errors.js';
import { stepsToRedo } from '../engine/step-order.js';
import { RunEventStore } from './run-event.store.js';
import { RunFeedStore } from './run-feed.store.js';
import type { RunDatabase, RunTable, RunTransaction } from './run-tables.js';
import { encodeStatus } from './stored-message.js';

/** What a new run is made of. */
export interface NewRun {
  kind: string;
  owner: string;
  subject: string;
  /** JSON. */
  input: string;
  steps: readonly { id: string; title: string; sections: readonly string[]; after: readonly string[] }[];
  idempotencyKey?: string;
  /** Keys from before are forgotten. */
  keysSince: Date;
}

/** What has been written, for those who are to be told once it is committed. */
export interface RunChange {
  runId: string;
  kind: string;
  owner: string;
  lastSeq: number;
  feedSeq: number;
  /** There is a job to fetch. */
  isQueued: boolean;
}

/** Sends a run's job within the transaction. */
export type SendJob = (transaction: RunTransaction, kind: string, jobId: string, runId: string) => Promise<void>;

/** SQLSTATE (PostgreSQL, appendix A). */
const UNIQUE_VIOLATION = '23505';
const ACTIVE: RunStatus[] = ['queued', 'running', 'cancelling'];

/** What people do to runs: start, cancel, retry, delete. What workers do is in `RunClaimStore`. */
export class RunStore {
  constructor(
    private readonly events: RunEventStore,
    private readonly feed: RunFeedStore,
    private readonly sendJob: SendJob,
  ) {}

  /** Answers with the run's id; `change` is absent when the key was used before. Throws {@link RunConflict}. */
  async create(db: RunDatabase, run: NewRun, now: Date): Promise<{ runId: string; change?: RunChange }> {
    const id = randomUUID();
    return db.transaction().execute(async (transaction) => {
      const earlier = await this.earlierRun(transaction, run);
      if (earlier) return { runId: earlier };
      const jobId = randomUUID();
      if (!(await this.insert(transaction, id, jobId, run, now))) {
        // It may be the same start, come twice at once: then this one has waited for the other's commit.
        const twin = await this.earlierRun(transaction, run);
        if (twin) return { runId: twin };
        const active = await activeRun(transaction, run.kind, run.subject);
        throw active ? new RunConflict('run_active', active) : new StartRaced();
      }
      if (run.idempotencyKey !== undefined) {
        const taken = await this.takeKey(transaction, id, run, run.idempotencyKey, now);
        if (!taken) throw new StartRaced();
      }
      const change = await this.enqueue(transaction, { id, jobId, attempt: 1, ...run }, now);
      return { runId: id, change };
    });
  }

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
      return this.tell(transaction, run, status, run.attempt, now);
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
      return this.enqueue(transaction, { id, jobId, attempt, kind: run.kind, owner: run.owner }, now);
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

  /** The run that took the idempotency key, where there is a key and it is remembered. */
  async earlierRun(
    db: RunDatabase | RunTransaction,
    run: Pick<NewRun, 'owner' | 'kind' | 'subject' | 'idempotencyKey' | 'keysSince'>,
  ): Promise<string | undefined> {
    if (run.idempotencyKey === undefined) return undefined;
    const row = await db
      .selectFrom('run_idempotency_key')
      .where('owner', '=', run.owner)
      .where('kind', '=', run.kind)
      .where('subject', '=', run.subject)
      .where('key', '=', run.idempotencyKey)
      .where('created_at', '>', run.keysSince)
      .select('run_id')
      .executeTakeFirst();
    return row?.run_id;
  }

  /** Whether the key was free or forgotten; waits for another transaction that is taking it. */
  private async takeKey(
    transaction: RunTransaction,
    runId: string,
    { owner, kind, subject, keysSince }: NewRun,
    key: string,
    now: Date,
  ): Promise<boolean> {
    const row = await transaction
      .insertInto('run_idempotency_key')
      .values({ owner, kind, subject, key, run_id: runId, created_at: now })
      .onConflict((conflict) =>
        conflict
          .columns(['owner', 'kind', 'subject', 'key'])
          .doUpdateSet({ run_id: runId, created_at: now })
          .where('run_idempotency_key.created_at', '<=', keysSince),
      )
      .returning('run_id')
      .executeTakeFirst();
    return row !== undefined;
  }

  private async insert(
    transaction: RunTransaction,
    id: string,
    jobId: string,
    run: NewRun,
    now: Date,
  ): Promise<boolean> {
    const inserted = await transaction
      .insertInto('run')
      .values({
        id,
        kind: run.kind,
        owner: run.owner,
        subject: run.subject,
        status: 'queued',
        attempt: 1,
        epoch: 0,
        job_id: jobId,
        is_released: true,
        last_seq: 0,
        trimmed_seq: 0,
        progress: 0,
        step: 0,
        input: run.input,
        created_at: now,
        touched_at: now,
      })
      .onConflict((conflict) =>
        // Literals, not parameters: PostgreSQL finds the partial index only by a predicate that it can read.
        conflict
          .columns(['kind', 'subject'])
          .where(sql<boolean>`status in ('queued', 'running', 'cancelling')`)
          .doNothing(),
      )
      .returning('id')
      .executeTakeFirst();
    if (!inserted) return false;
    await transaction
      .insertInto('run_step')
      .values(
        run.steps.map((step, index) => ({
          run_id: id,
          step_key: step.id,
          position: index + 1,
          title: step.title,
          sections: JSON.stringify(step.sections),
          after: JSON.stringify(step.after),
          status: 'pending' as const,
          attempt: 0,
          interruptions: 0,
        })),
      )
      .execute();
    return true;
  }

  private async enqueue(
    transaction: RunTransaction,
    run: { id: string; kind: string; owner: string; jobId: string; attempt: number },
    now: Date,
  ): Promise<RunChange> {
    const change = await this.tell(transaction, run, 'queued', run.attempt, now);
    await this.sendJob(transaction, run.kind, run.jobId, run.id);
    return { ...change, isQueued: true };
  }

  private async tell(
    transaction: RunTransaction,
    run: { id: string; kind: string; owner: string },
    status: RunStatus,
    attempt: number,
    now: Date,
  ): Promise<RunChange> {
    const message = encodeStatus(run.id, status, attempt, now);
    const lastSeq = await this.events.append(transaction, run.id, [message], { now });
    if (lastSeq === undefined) throw new RunNotFound(run.id);
    const feedSeq = await this.feed.append(transaction, run.owner, [message], now);
    return { runId: run.id, kind: run.kind, owner: run.owner, lastSeq, feedSeq, isQueued: false };
  }
}

/** Another transaction has changed what this one relied on: do it again. */
export class StartRaced extends Error {
  override readonly name = 'StartRaced';
}

async function lockRun(transaction: RunTransaction, id: string): Promise<Selectable<RunTable>> {
  const run = await transaction.selectFrom('run').where('id', '=', id).selectAll().forUpdate().executeTakeFirst();
  if (!run) throw new RunNotFound(id);
  return run;
}

async function activeRun(transaction: RunTransaction, kind: string, subject: string): Promise<string | undefined> {
  const row = await transaction
    .selectFrom('run')
    .where('kind', '=', kind)
    .where('subject', '=', subject)
    .where('status', 'in', ACTIVE)
    .select('id')
    .executeTakeFirst();
  return row?.id;
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
