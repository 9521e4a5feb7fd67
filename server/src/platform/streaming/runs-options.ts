import { PostgresSignals, type RunsOptions } from '@throughline/nest-runs';
import { fromPglite } from 'pg-boss';
import type { AppConfig } from '../config/index.js';
import type { DatabaseHandle } from '../database/index.js';

const QUEUE_POOL_SIZE = 4;

/** Where runs live: in the app's database, with its queue beside their tables. */
export function createRunsOptions(config: AppConfig, handle: DatabaseHandle): RunsOptions {
  const shared = {
    db: handle.db,
    runTimeoutMs: config.runTimeoutMs,
    eventRetentionMs: config.eventRetentionMs,
    snapshotUrl: (runId: string) => `/api/v1/runs/${runId}`,
    feedSnapshotUrl: () => '/api/v1/strategies',
  };
  if (handle.kind === 'embedded') {
    return { ...shared, isEmbedded: true, queue: { db: fromPglite(handle.pglite), backend: 'pglite' } };
  }
  const { connectionString } = handle;
  return {
    ...shared,
    isEmbedded: false,
    queue: { connectionString, max: QUEUE_POOL_SIZE },
    signals: new PostgresSignals({ connect: () => handle.connect() }),
  };
}
