import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Imported content: a source, and its items in compressed chunks. */
export const migration: Migration = {
  async up(db) {
    await db.schema
      .createTable('content_source')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('owner_id', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull().check(sql`kind in ('own', 'competitor')`))
      .addColumn('format', 'text', (column) => column.notNull())
      .addColumn('sha256', 'text', (column) => column.notNull())
      .addColumn('item_count', 'integer', (column) => column.notNull())
      // Days as text, YYYY-MM-DD: a date column would come back as a time of the server's own zone.
      .addColumn('from_day', 'text')
      .addColumn('to_day', 'text')
      .addColumn('report', 'jsonb', (column) => column.notNull())
      .addColumn('created_at', 'timestamptz', (column) => column.notNull())
      .execute();
    await db.schema
      .createIndex('content_source_by_owner')
      .on('content_source')
      .columns(['owner_id', 'created_at', 'id'])
      .execute();
    await db.schema
      .createTable('content_chunk')
      .addColumn('source_id', 'text', (column) => column.notNull().references('content_source.id').onDelete('cascade'))
      .addColumn('position', 'integer', (column) => column.notNull())
      .addColumn('item_count', 'integer', (column) => column.notNull())
      .addColumn('data', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('content_chunk_key', ['source_id', 'position'])
      .execute();
    // The data is compressed already: the database need not try again.
    await sql`alter table content_chunk alter column data set storage external`.execute(db);
  },
};
