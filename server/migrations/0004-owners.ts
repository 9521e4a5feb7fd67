import type { Migration } from 'kysely/migration';

/** What a user owns goes with the user. */
export const migration: Migration = {
  async up(db) {
    for (const table of ['content_source', 'strategy']) {
      await db.schema
        .alterTable(table)
        .addForeignKeyConstraint(`${table}_owner`, ['owner_id'], 'app_user', ['id'])
        .onDelete('cascade')
        .execute();
    }
  },
};
