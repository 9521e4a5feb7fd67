import type { PGlite } from '@electric-sql/pglite';
import type { Kysely } from 'kysely';
import type pg from 'pg';

interface OpenDatabase {
  /** Each store narrows it to its own tables. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  db: Kysely<any>;
  /** Closes every connection; the handle is then of no more use. */
  close(): Promise<void>;
}

/** PostgreSQL compiled into this process, in a folder. It survives a crash of the process, not a power cut. */
export interface EmbeddedDatabase extends OpenDatabase {
  kind: 'embedded';
  pglite: PGlite;
}

/** A PostgreSQL server. */
export interface ServerDatabase extends OpenDatabase {
  kind: 'postgres';
  connectionString: string;
  /** Opens a connection of its own, for LISTEN; the caller ends it. */
  connect(): Promise<pg.Client>;
}

/** An open database: one dialect of SQL, two places where it can live. */
export type DatabaseHandle = EmbeddedDatabase | ServerDatabase;
