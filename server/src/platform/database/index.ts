export { DATABASE, DATABASE_HANDLE, DatabaseModule } from './database.module.js';
export type { DatabaseHandle } from './database-handle.js';
export { DataFolderInUse } from './embedded/data-folder-lock.js';
export { migrateToLatest } from './migrate.js';
export { openPostgres } from './postgres/open-postgres.js';
export { openDatabase } from './open-database.js';
