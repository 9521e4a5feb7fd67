import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Who may sign in, and who has. Secrets are stored only as digests: passwords as Argon2id, random tokens as SHA-256
 * in hexadecimal, so that a copy of the database signs nobody in.
 */
export const migration: Migration = {
  async up(db) {
    await db.schema
      .createTable('app_user')
      .addColumn('id', 'text', (column) => column.primaryKey())
      // In lower case, always (the store's callers see to it): two spellings of one address are one account.
      .addColumn('email', 'text', (column) => column.notNull().unique())
      .addColumn('password_hash', 'text', (column) => column.notNull())
      .addColumn('role', 'text', (column) => column.notNull().check(sql`role in ('member', 'admin')`))
      .addColumn('created_at', 'timestamptz', (column) => column.notNull())
      .addColumn('last_signed_in_at', 'timestamptz')
      .execute();
    await db.schema.createIndex('app_user_by_age').on('app_user').columns(['created_at', 'id']).execute();

    await db.schema
      .createTable('session')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('user_id', 'text', (column) => column.notNull().references('app_user.id').onDelete('cascade'))
      .addColumn('token_hash', 'text', (column) => column.notNull().unique())
      .addColumn('created_at', 'timestamptz', (column) => column.notNull())
      .addColumn('expires_at', 'timestamptz', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('session_by_user').on('session').column('user_id').execute();
    await db.schema.createIndex('session_by_end').on('session').column('expires_at').execute();

    await db.schema
      .createTable('stream_ticket')
      .addColumn('token_hash', 'text', (column) => column.primaryKey())
      .addColumn('session_id', 'text', (column) => column.notNull().references('session.id').onDelete('cascade'))
      .addColumn('expires_at', 'timestamptz', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('stream_ticket_by_session').on('stream_ticket').column('session_id').execute();
    await db.schema.createIndex('stream_ticket_by_end').on('stream_ticket').column('expires_at').execute();

    await db.schema
      .createTable('sign_in_link')
      .addColumn('token_hash', 'text', (column) => column.primaryKey())
      .addColumn('user_id', 'text', (column) => column.notNull().references('app_user.id').onDelete('cascade'))
      .addColumn('expires_at', 'timestamptz', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('sign_in_link_by_user').on('sign_in_link').column('user_id').execute();

    // What other nodes read to learn that a session is over; the database's clock, since nodes' clocks differ.
    await db.schema
      .createTable('ended_session')
      .addColumn('session_id', 'text', (column) => column.primaryKey())
      .addColumn('ended_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`clock_timestamp()`))
      .execute();
    await db.schema.createIndex('ended_session_by_time').on('ended_session').column('ended_at').execute();
  },
};
