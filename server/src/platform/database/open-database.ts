import type { AppConfig } from '../config/index.js';
import type { DatabaseHandle } from './database-handle.js';
import { openEmbedded } from './embedded/open-embedded.js';
import { migrateToLatest } from './migrate.js';
import { openPostgres } from './postgres/open-postgres.js';

/**
 * Opens the database that the operator chose and brings its tables up to date. Throws `DataFolderInUse`, and what the
 * driver throws where a server can't be reached.
 */
export async function openDatabase({ databaseUrl, dataDir }: AppConfig): Promise<DatabaseHandle> {
  const handle = await (databaseUrl === undefined ? openEmbedded(dataDir) : openPostgres(databaseUrl));
  try {
    await migrateToLatest(handle.db);
  } catch (error) {
    await handle.close();
    throw error;
  }
  return handle;
}
