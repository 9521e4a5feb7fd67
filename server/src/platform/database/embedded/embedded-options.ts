import { PGlite } from '@electric-sql/pglite';

/**
 * How PGlite is started: a small buffer cache, since it lives in this process's memory beside the file system's own
 * cache, and a WAL that is recycled early, since PGlite has no background checkpointer.
 */
export const startParams = [...PGlite.defaultStartParams, '-c', 'shared_buffers=32MB', '-c', 'max_wal_size=64MB'];
