import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Migrations of the run tables, for the application's own Kysely `Migrator`: merge them with its own. Their names sort
 * among themselves; where the application adds migrations over time, it needs `allowUnorderedMigrations: true`.
 * pg-boss makes its own schema when it starts.
 */
export const runsMigrations: Record<string, Migration> = {
  'nest-runs-0001-runs': { up: createRunTables, down: dropRunTables },
};

async function createRunTables(db: Kysely<unknown>): Promise<void> {
  await createRun(db);
  await createRunStep(db);
  await db.schema
    .createTable('run_event')
    .addColumn('run_id', 'text', (column) => column.notNull().references('run.id').onDelete('cascade'))
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('event', 'text', (column) => column.notNull())
    .addColumn('data', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('run_event_pkey', ['run_id', 'seq'])
    .execute();
  await db.schema
    .createTable('run_idempotency_key')
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('run_id', 'text', (column) => column.notNull().references('run.id').onDelete('cascade'))
    .addColumn('created_at', 'timestamptz', (column) => column.notNull())
    .addPrimaryKeyConstraint('run_idempotency_key_pkey', ['owner', 'kind', 'subject', 'key'])
    .execute();
  await db.schema.createIndex('run_idempotency_key_run').on('run_idempotency_key').column('run_id').execute();
  await createFeed(db);
}

async function createRun(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('run')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('attempt', 'integer', (column) => column.notNull())
    .addColumn('epoch', 'integer', (column) => column.notNull())
    .addColumn('job_id', 'text', (column) => column.notNull())
    .addColumn('is_released', 'boolean', (column) => column.notNull())
    .addColumn('last_seq', 'integer', (column) => column.notNull())
    .addColumn('trimmed_seq', 'integer', (column) => column.notNull())
    .addColumn('progress', 'integer', (column) => column.notNull())
    .addColumn('step', 'integer', (column) => column.notNull())
    .addColumn('input', 'text', (column) => column.notNull())
    .addColumn('result', 'text')
    .addColumn('error', 'text')
    .addColumn('created_at', 'timestamptz', (column) => column.notNull())
    .addColumn('started_at', 'timestamptz')
    .addColumn('finished_at', 'timestamptz')
    .addColumn('timeout_at', 'timestamptz')
    .addColumn('touched_at', 'timestamptz', (column) => column.notNull())
    .execute();
  await sql`create unique index run_active on run (kind, subject) where status in ('queued', 'running', 'cancelling')`.execute(
    db,
  );
  await sql`create index run_ended on run (finished_at) where finished_at is not null`.execute(db);
  await db.schema.createIndex('run_subject').on('run').columns(['subject', 'created_at']).execute();
  await db.schema.createIndex('run_owner').on('run').columns(['owner', 'created_at']).execute();
}

async function createRunStep(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('run_step')
    .addColumn('run_id', 'text', (column) => column.notNull().references('run.id').onDelete('cascade'))
    .addColumn('step_key', 'text', (column) => column.notNull())
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('sections', 'text', (column) => column.notNull())
    .addColumn('after', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('attempt', 'integer', (column) => column.notNull())
    .addColumn('output', 'text')
    .addColumn('error', 'text')
    .addColumn('reason', 'text')
    .addColumn('card', 'text')
    .addColumn('started_seq', 'integer')
    .addColumn('interruptions', 'integer', (column) => column.notNull())
    .addColumn('started_at', 'timestamptz')
    .addColumn('finished_at', 'timestamptz')
    .addPrimaryKeyConstraint('run_step_pkey', ['run_id', 'step_key'])
    .execute();
}

async function createFeed(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('run_feed')
    .addColumn('owner', 'text', (column) => column.primaryKey())
    .addColumn('last_seq', 'integer', (column) => column.notNull())
    .addColumn('trimmed_seq', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema
    .createTable('run_feed_event')
    .addColumn('owner', 'text', (column) => column.notNull().references('run_feed.owner').onDelete('cascade'))
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('event', 'text', (column) => column.notNull())
    .addColumn('data', 'text', (column) => column.notNull())
    .addColumn('created_at', 'timestamptz', (column) => column.notNull())
    .addPrimaryKeyConstraint('run_feed_event_pkey', ['owner', 'seq'])
    .execute();
  await db.schema.createIndex('run_feed_event_created').on('run_feed_event').column('created_at').execute();
}

async function dropRunTables(db: Kysely<unknown>): Promise<void> {
  for (const table of ['run_feed_event', 'run_feed', 'run_idempotency_key', 'run_event', 'run_step', 'run']) {
    await db.schema.dropTable(table).ifExists().execute();
  }
}
