import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { RunDefinition } from '../definition/run-definition.js';
import {
  closeTestDatabases,
  findLogFaults,
  ManualClock,
  openTestDatabase,
  TEST_BACKENDS,
  type TestDatabase,
} from '../testing/index.js';
import { outline, readLog, startRunNode, untilMessage, untilStatus, type RunNode } from '../testing/run-node.js';

jest.setTimeout(30_000);
afterAll(closeTestDatabases);

const DAY_MS = 24 * 60 * 60 * 1000;
const never = (): Promise<never> => new Promise(() => undefined);

const endless: RunDefinition = {
  steps: [
    { id: 'a', title: 'Reading', run: () => ({ output: 1 }) },
    { id: 'b', title: 'Comparing', run: ({ attempt }) => (attempt === 1 ? never() : {}) },
  ],
};
const bounded: RunDefinition = {
  steps: [
    { id: 'a', title: 'Asking', timeoutMs: 5000, optional: true, run: never },
    { id: 'b', title: 'Going on', run: () => ({}) },
  ],
};
const quick: RunDefinition = { steps: [{ id: 'a', title: 'A', run: () => ({}) }] };

describe.each(TEST_BACKENDS)('on %s', (backend) => {
  let database: TestDatabase;
  let node: RunNode;
  const clock = new ManualClock();
  beforeAll(async () => {
    database = await openTestDatabase(backend);
    node = await startRunNode(
      database,
      { endless, bounded, quick },
      { clock, runTimeoutMs: 300_000, snapshotUrl: (id) => `/runs/${id}`, feedSnapshotUrl: () => '/strategies' },
    );
  });
  afterAll(() => node.stop());

  async function startAndReach(kind: string, stepId: string): Promise<string> {
    const { run } = await node.runs.start(kind, {}, { owner: 'o', subject: randomUUID() });
    await untilMessage(
      node.runs,
      run.id,
      ({ event, data }) => event === 'progress' && data.stepId === stepId && data.stepStatus === 'started',
    );
    return run.id;
  }

  it('fails a run that takes too long, with what to do, and its retry has the whole time again', async () => {
    const id = await startAndReach('endless', 'b');
    const begun = clock.now();
    expect(await node.runs.snapshot(id)).toMatchObject({ timeoutAt: new Date(begun + 300_000).toISOString() });
    clock.advance(299_999);
    expect(await node.runs.snapshot(id)).toMatchObject({ status: 'running' });
    clock.advance(1);
    const failed = await untilStatus(node.runs, id, 'failed');
    expect(failed.error).toEqual({
      code: 'run_timeout',
      message:
        'The run took longer than 5 minutes and was stopped while working on “Comparing”. What was finished is kept: retry to go on from there.',
      retryable: true,
      stepId: 'b',
    });
    expect(failed.steps.map(({ status }) => status)).toEqual(['finished', 'failed']);
    await node.runs.retry(id);
    await untilStatus(node.runs, id, 'succeeded');
    const messages = await readLog(node.runs.events(id));
    expect(outline(messages).slice(4, 8)).toEqual([
      'progress b started 50',
      'progress b failed 50',
      'status failed',
      'error run_timeout fatal',
    ]);
    expect(findLogFaults(messages)).toEqual([]);
  });

  it('counts the time from the start of the attempt over a crash too', async () => {
    const { run } = await node.runs.start('endless', {}, { owner: 'o', subject: randomUUID() });
    await untilMessage(node.runs, run.id, ({ event, data }) => event === 'progress' && data.stepId === 'b');
    const later = new ManualClock(clock.now() + 300_000);
    const next = await startRunNode(database, { endless }, { clock: later, isEmbedded: true });
    expect((await untilStatus(next.runs, run.id, 'failed')).error?.code).toBe('run_timeout');
    await next.stop();
    expect(findLogFaults(await readLog(next.runs.events(run.id)))).toEqual([]);
  });

  it('fails a step that takes longer than its own time; an optional one does not fail the run', async () => {
    const id = await startAndReach('bounded', 'a');
    clock.advance(5000);
    const snapshot = await untilStatus(node.runs, id, 'succeeded_with_gaps');
    expect(snapshot.steps[0]).toMatchObject({ status: 'failed', error: { code: 'step_timeout', retryable: true } });
    expect(findLogFaults(await readLog(node.runs.events(id)))).toEqual([]);
  });

  it('trims an ended run after its time but for the last message, tells the gap, and goes on after a retry', async () => {
    const { run } = await node.runs.start('bounded', {}, { owner: 'trimmed', subject: randomUUID() });
    await untilMessage(node.runs, run.id, ({ event }) => event === 'progress');
    clock.advance(5000);
    const ended = await untilStatus(node.runs, run.id, 'succeeded_with_gaps');
    const log = node.runs.events(run.id);
    const whole = await readLog(log);
    clock.advance(30 * DAY_MS - 1);
    await node.runtime.retention.sweep();
    expect(await readLog(log)).toEqual(whole);
    clock.advance(1);
    await node.runtime.retention.sweep();

    const last = whole.slice(-1);
    const to = String(whole.length - 1);
    for (const from of [undefined, '0', '3']) {
      expect(await log.readAfter(from, 10)).toEqual({
        events: last,
        cursor: ended.lastEventId,
        more: false,
        ended: true,
        gap: { reason: 'trimmed', from: from ?? '0', to, snapshot: `/runs/${run.id}` },
      });
    }
    expect(await log.readAfter(to, 10)).not.toHaveProperty('gap');
    expect((await log.readAfter(ended.lastEventId, 10)).events).toEqual([]);
    await node.runtime.retention.sweep();
    expect((await log.readAfter(to, 10)).events).toEqual(last);

    await node.runs.retry(run.id);
    const next = await untilMessage(
      node.runs,
      run.id,
      ({ event, data }) => event === 'progress' && data.stepId === 'a',
    );
    expect(next[1]?.id).toBe(String(whole.length + 1));
    clock.advance(5000);
    await untilStatus(node.runs, run.id, 'succeeded_with_gaps');
  });

  it('keeps the log of a run that is active, whatever its age', async () => {
    const id = await startAndReach('endless', 'b');
    const before = await readLog(node.runs.events(id));
    await node.runtime.events.trim(node.runtime.db, new Date(clock.now() + 365 * DAY_MS), 10);
    expect(await readLog(node.runs.events(id))).toEqual(before);
    await node.runs.cancel(id);
  });

  it('keeps a feed for a day and tells the gap after it', async () => {
    const owner = randomUUID();
    const run = async (): Promise<void> => {
      const { run: started } = await node.runs.start('quick', {}, { owner, subject: randomUUID() });
      await untilStatus(node.runs, started.id, 'succeeded');
    };
    await run();
    clock.advance(DAY_MS / 2);
    await run();
    clock.advance(DAY_MS / 2);
    await node.runtime.retention.sweep();
    const page = await node.runs.feed(owner).readAfter('1', 10);
    expect(page.events.map(({ id }) => id)).toEqual(['4', '5', '6']);
    expect(page.gap).toEqual({ reason: 'trimmed', from: '1', to: '3', snapshot: '/strategies' });
    clock.advance(DAY_MS);
    await node.runtime.retention.sweep();
    expect(await node.runs.feed(owner).readAfter('6', 10)).toEqual({
      events: [],
      cursor: '6',
      more: false,
      ended: false,
    });
    await run();
    expect((await readLog(node.runs.feed(owner), '6')).map(({ id }) => id)).toEqual(['7', '8', '9']);
  });
});
