import type { LoggerService } from '@nestjs/common';
import type { Kysely } from 'kysely';
import type { Db, ConstructorOptions as QueueConstructorOptions } from 'pg-boss';
import type { RunClock } from './run-clock.js';
import type { RunSignals } from './signals/run-signals.js';

/**
 * What pg-boss needs to reach the database. PGlite: `{ db: fromPglite(pglite), backend: 'pglite' }`.
 * PostgreSQL: `{ connectionString, max: 4 }`, pg-boss's own small pool.
 */
export interface RunsQueueOptions extends Pick<
  QueueConstructorOptions,
  'connectionString' | 'ssl' | 'max' | 'backend'
> {
  db?: Db;
  /** Schema of pg-boss's tables. Default `pgboss`. */
  schema?: string;
}

/** Options of `RunsModule`. */
export interface RunsOptions {
  /** Has the tables of `runsMigrations`. */
  db: Kysely<any>;
  queue: RunsQueueOptions;
  /**
   * Whether the database lives in this process alone (PGlite): runs that are not ended are then taken up again at start.
   * Elsewhere another node may hold them, and a lapsed heartbeat (10 s) tells.
   */
  isEmbedded: boolean;
  /** How nodes hint at each other. Default `InProcessSignals`, right for one process; else `PostgresSignals`. */
  signals?: RunSignals;
  /** Whether this node does runs, besides starting and following them. Default true. */
  workers?: boolean;
  /** Runs of a kind that this node does at the same time. Default 4. */
  concurrency?: number;
  /** Milliseconds an attempt may take from its start; then it fails with `run_timeout`. Default 300 000 (5 min). */
  runTimeoutMs?: number;
  /** Milliseconds that messages are kept after their run's end; the last message stays. Default 30 days. */
  eventRetentionMs?: number;
  /** Milliseconds that a feed keeps its messages. Default 24 h. */
  feedRetentionMs?: number;
  /** Milliseconds that an idempotency key is remembered. Default 24 h. */
  idempotencyRetentionMs?: number;
  /** Milliseconds between polls behind the hints, while anyone follows or a run is active here. Default 1000. */
  pollIntervalMs?: number;
  /** URL of a run's snapshot, told in gaps. Default: `/runs/<id>`. */
  snapshotUrl?: (runId: string) => string;
  /** URL of what stands for a feed's trimmed part, told in gaps. Default: empty, there is none. */
  feedSnapshotUrl?: (owner: string) => string;
  clock?: RunClock;
  /** Default: Nest's `Logger` with the context `Runs`. */
  logger?: Pick<LoggerService, 'log' | 'warn' | 'error'>;
}

/** The options with every default filled in. */
export type ResolvedRunsOptions = Required<RunsOptions>;
