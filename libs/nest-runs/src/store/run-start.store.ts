import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { RunConflict } from '../run-errors.js';
import type { RunAnnouncer, RunChange } from './run-announcer.js';
import { activeRun } from './run.store.js';
import type { RunDatabase, RunTransaction } from './run-tables.js';

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

/** Makes runs: at most one active run of a kind per subject, and one per idempotency key. */
export class RunStartStore {
  constructor(private readonly announcer: RunAnnouncer) {}

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
      const change = await this.announcer.enqueue(transaction, { id, jobId, attempt: 1, ...run }, now);
      return { runId: id, change };
    });
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
}

/** Another transaction has changed what this one relied on: do it again. */
export class StartRaced extends Error {
  override readonly name = 'StartRaced';
}
