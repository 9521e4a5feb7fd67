import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { AppConfig } from '../config/index.js';
import type { DatabaseHandle } from './database-handle.js';
import { openEmbedded } from './embedded/open-embedded.js';
import { migrateToLatest } from './migrate.js';
import { openPostgres } from './postgres/open-postgres.js';

/** Injection token of the `Kysely` instance; a store narrows it to its own tables. */
export const DATABASE = Symbol('Database');

/** Injection token of the {@link DatabaseHandle}. */
export const DATABASE_HANDLE = Symbol('DatabaseHandle');

async function openDatabase(config: AppConfig): Promise<DatabaseHandle> {
  const handle = await (config.databaseUrl === undefined
    ? openEmbedded(config.dataDir)
    : openPostgres(config.databaseUrl));
  try {
    await migrateToLatest(handle.db);
  } catch (error) {
    await handle.close();
    throw error;
  }
  return handle;
}

@Global()
@Module({
  providers: [
    { provide: DATABASE_HANDLE, inject: [AppConfig], useFactory: openDatabase },
    { provide: DATABASE, inject: [DATABASE_HANDLE], useFactory: (handle: DatabaseHandle) => handle.db },
  ],
  exports: [DATABASE, DATABASE_HANDLE],
})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(@Inject(DATABASE_HANDLE) private readonly handle: DatabaseHandle) {}

  async onApplicationShutdown(): Promise<void> {
    await this.handle.close();
  }
}
