import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Strategies with their briefs, and the versions that runs made of them. */
export const migration: Migration = {
  async up(db) {
    await db.schema
      .createTable('strategy')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('owner_id', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('brief', 'jsonb', (column) => column.notNull())
      .addColumn('created_at', 'timestamptz', (column) => column.notNull())
      .addColumn('updated_at', 'timestamptz', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('strategy_by_owner').on('strategy').columns(['owner_id', 'updated_at', 'id']).execute();
    await db.schema
      .createTable('strategy_version')
      .addColumn('strategy_id', 'text', (column) => column.notNull().references('strategy.id').onDelete('cascade'))
      .addColumn('version', 'integer', (column) => column.notNull().check(sql`version > 0`))
      .addColumn('run_id', 'text', (column) => column.notNull())
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('created_at', 'timestamptz', (column) => column.notNull())
      // Text, not jsonb: a version is given back byte for byte, with its keys in their order.
      .addColumn('document', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('strategy_version_key', ['strategy_id', 'version'])
      .execute();
  },
};
