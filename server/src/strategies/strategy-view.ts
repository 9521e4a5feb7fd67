import type { RunSnapshot as StoredRun } from '@throughline/nest-runs';
import type { RunSnapshot, Strategy } from '@throughline/strategy-contract';
import type { StrategyRow } from './strategy.store.js';

/** A run as the API shows it. */
export function toRunView(run: StoredRun): RunSnapshot {
  const { kind: _kind, subject, owner: _owner, result, steps, ...shared } = run;
  const version = result?.['version'];
  return {
    ...shared,
    strategyId: subject,
    steps: steps.map(({ reason: _reason, ...step }) => step),
    ...(typeof version === 'number' ? { version } : {}),
  };
}

/** A strategy as the API shows it. */
export function toStrategyView(row: StrategyRow, lastRun?: StoredRun, latestVersion?: number): Strategy {
  return {
    id: row.id,
    name: row.name,
    brief: row.brief,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    ...(lastRun === undefined
      ? {}
      : { lastRun: { id: lastRun.id, status: lastRun.status, progress: lastRun.progress } }),
    ...(latestVersion === undefined ? {} : { latestVersion }),
  };
}
