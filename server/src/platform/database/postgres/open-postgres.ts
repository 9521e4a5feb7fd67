import { Logger } from '@nestjs/common';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { ServerDatabase } from '../database-handle.js';

const POOL_SIZE = 10;
const CONNECT_TIMEOUT_MS = 10_000;
/** A node that froze in a transaction gives its rows back, before others take over its runs (12 s). */
const FROZEN_TRANSACTION_MS = 8000;
const STATEMENT_TIMEOUT_MS = 30_000;

/** Connects to a PostgreSQL server and checks that it answers. */
export async function openPostgres(connectionString: string): Promise<ServerDatabase> {
  const pool = new pg.Pool({
    connectionString,
    max: POOL_SIZE,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    idle_in_transaction_session_timeout: FROZEN_TRANSACTION_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
  });
  const logger = new Logger('PostgreSQL');
  // Without a listener an idle connection that the server closes would end the process.
  pool.on('error', (error) => logger.warn({ err: error }, 'A connection to the database was lost'));
  const db = new Kysely({ dialect: new PostgresDialect({ pool }) });
  await pool.query('SELECT 1');
  return {
    kind: 'postgres',
    connectionString,
    db,
    connect: async () => {
      const client = new pg.Client({ connectionString, connectionTimeoutMillis: CONNECT_TIMEOUT_MS, keepAlive: true });
      await client.connect();
      return client;
    },
    close: () => db.destroy(),
  };
}
