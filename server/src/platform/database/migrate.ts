import { runsMigrations } from '@throughline/nest-runs';
import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { migrations } from '../../../migrations/index.js';

/** Brings the tables up to date; many nodes may call it at once, since Kysely takes a lock in the database. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export async function migrateToLatest(db: Kysely<any>): Promise<void> {
  const migrator = new Migrator({
    db,
    // Libraries bring tables of their own, at any time: names sort by owner, not by date.
    allowUnorderedMigrations: true,
    provider: { getMigrations: async () => ({ ...migrations, ...runsMigrations }) },
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}
