import { describe, expect, it } from '@jest/globals';
import { foldFeed } from './live-runs';

const status = (runId: string, state: 'running' | 'succeeded', timestamp: string) => ({
  runId,
  status: state,
  attempt: 1,
  timestamp,
});

describe('foldFeed', () => {
  it('keeps the newest state of each run, the newest last', () => {
    const runs = [
      status('a', 'running', '2026-01-01T00:00:00Z'),
      status('b', 'running', '2026-01-01T00:00:01Z'),
      status('a', 'succeeded', '2026-01-01T00:00:02Z'),
    ].reduce(foldFeed, []);
    expect(runs).toEqual([
      { runId: 'b', status: 'running', at: '2026-01-01T00:00:01Z' },
      { runId: 'a', status: 'succeeded', at: '2026-01-01T00:00:02Z' },
    ]);
  });
});
