import { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect, PostgresDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import pg from 'pg';
import { fromPglite } from 'pg-boss';
import type { RunsQueueOptions } from '../runs-options.js';
import { InProcessSignals } from '../signals/in-process-signals.js';
import { PostgresSignals } from '../signals/postgres-signals.js';
import type { RunSignals } from '../signals/run-signals.js';
import { runsMigrations } from '../store/runs-migrations.js';
import { PostgresServer } from './postgres-server.js';

/** The databases that everything must run on. */
export const TEST_BACKENDS = ['pglite', 'postgres'] as const;
/** One of {@link TEST_BACKENDS}. */
export type TestBackend = (typeof TEST_BACKENDS)[number];

/** A database of its own for a test or a suite. */
export interface TestDatabase {
  backend: TestBackend;
  /** Its URL; with `postgres` only. */
  connectionString?: string;
  /** The embedded instance; with `pglite` only. */
  pglite?: PGlite;
  /** Opens what one node has: connections, the queue's options and signals of its own. */
  openNode(): Promise<TestNodeDatabase>;
  /** Closes it and all its nodes' connections. */
  close(): Promise<void>;
}

/** One node's view of a test database; the options of `RunsModule` that depend on the database. */
export interface TestNodeDatabase {
  db: Kysely<any>;
  queue: RunsQueueOptions;
  signals: RunSignals;
  isEmbedded: boolean;
}

let server: Promise<PostgresServer> | undefined;
const opened = new Set<TestDatabase>();

/** Opens an isolated, empty database with the run tables in it (`migrate: false`: without). */
export async function openTestDatabase(backend: TestBackend, { migrate = true } = {}): Promise<TestDatabase> {
  const database = backend === 'pglite' ? await openPglite() : await openPostgres();
  opened.add(database);
  if (migrate) {
    const { db } = await database.openNode();
    const migrator = new Migrator({ db, provider: { getMigrations: async () => runsMigrations } });
    const { error } = await migrator.migrateToLatest();
    if (error) throw error;
  }
  return database;
}

/** Closes every test database of this process and stops the PostgreSQL server; call it in `afterAll`. */
export async function closeTestDatabases(): Promise<void> {
  await Promise.all([...opened].map((database) => database.close()));
  const running = await server;
  server = undefined;
  await running?.stop();
}

async function openPglite(): Promise<TestDatabase> {
  const pglite = await PGlite.create();
  const signals = new InProcessSignals();
  const db = new Kysely<any>({ dialect: new PGliteDialect({ pglite }) });
  const database: TestDatabase = {
    backend: 'pglite',
    pglite,
    openNode: async () => ({ db, queue: { db: fromPglite(pglite), backend: 'pglite' }, signals, isEmbedded: true }),
    close: async () => {
      if (opened.delete(database)) await db.destroy();
    },
  };
  return database;
}

async function openPostgres(): Promise<TestDatabase> {
  const connectionString = await (await (server ??= PostgresServer.start())).createDatabase();
  const nodes: Kysely<any>[] = [];
  const database: TestDatabase = {
    backend: 'postgres',
    connectionString,
    openNode: async () => {
      const pool = new pg.Pool({ connectionString, max: 5 });
      pool.on('error', () => undefined); // an idle connection that the server closes is opened again
      const db = new Kysely<any>({ dialect: new PostgresDialect({ pool }) });
      nodes.push(db);
      const signals = new PostgresSignals({ connect: () => connectClient(connectionString) });
      return { db, queue: { connectionString, max: 2 }, signals, isEmbedded: false };
    },
    close: async () => {
      if (opened.delete(database)) await Promise.all(nodes.map((node) => node.destroy()));
    },
  };
  return database;
}

async function connectClient(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
}
