import type { StepState } from './run-state';

/** How long a run must have gone on before anything is said about its end. */
const SILENT_UNTIL_MS = 10_000;

/**
 * Estimates how many milliseconds are left, from the steps that this run has really worked on. `undefined` in its first
 * ten seconds and until a step has been measured; reused and skipped steps took no work, so they measure nothing.
 */
export function estimateTimeLeft(
  steps: readonly StepState[],
  startedAt: string | undefined,
  nowMs: number,
): number | undefined {
  if (startedAt === undefined || nowMs - Date.parse(startedAt) < SILENT_UNTIL_MS) return undefined;
  const measured = steps.flatMap(({ status, startedAt: from, finishedAt: to }) =>
    status === 'finished' && from !== undefined && to !== undefined ? [Date.parse(to) - Date.parse(from)] : [],
  );
  if (measured.length === 0) return undefined;
  const meanMs = measured.reduce((sum, ms) => sum + ms, 0) / measured.length;
  return steps.reduce((left, { status, startedAt: from }) => {
    if (status === 'pending') return left + meanMs;
    if (status !== 'running' || from === undefined) return left;
    return left + Math.max(0, meanMs - (nowMs - Date.parse(from)));
  }, 0);
}

/** Says an estimate as roughly as it is known. */
export function describeTimeLeft(ms: number): string {
  if (ms < 5000) return 'Almost done';
  if (ms < 55_000) return `About ${Math.ceil(ms / 5000) * 5} s left`;
  return `About ${Math.ceil(ms / 60_000)} min left`;
}
