import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { RunDefinition, StepContext } from './definition/run-definition.js';
import { RunConflict, RunKindUnknown, RunNotFound } from './run-errors.js';
import { closeTestDatabases, findLogFaults, ManualClock, openTestDatabase, TEST_BACKENDS } from './testing/index.js';
import {
  makeGate,
  outline,
  readLog,
  startRunNode,
  untilMessage,
  untilStatus,
  type RunNode,
} from './testing/run-node.js';

jest.setTimeout(30_000);
afterAll(closeTestDatabases);

const ENDED = ['succeeded', 'succeeded_with_gaps', 'failed', 'cancelled'] as const;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Steps whose code the test gives by the run's subject. */
const scripts = new Map<string, Record<string, (context: StepContext) => unknown>>();

function scripted(id: string, after: string[], more = {}): RunDefinition['steps'][number] {
  const run = async (context: StepContext) => {
    const output = await scripts.get(context.subject)?.[id]?.(context);
    return (output ?? { output: `${id} ${context.attempt}` }) as { output: unknown };
  };
  return { id, title: id.toUpperCase(), after, sections: [`section ${id}`], run, ...more };
}

/** The shortest of some durations: other work on the machine makes them longer, never shorter. */
async function fastest(measure: () => Promise<number>): Promise<number> {
  let best = Infinity;
  for (let tries = 0; tries < 5; tries += 1) best = Math.min(best, await measure());
  return best;
}

const definition: RunDefinition = {
  steps: [
    scripted('a', [], { card: { title: 'A', summary: '', details: [], tip: '', sources: [] } }),
    scripted('b', ['a']),
    scripted('free', ['a'], { optional: true }),
    scripted('c', ['b', 'free']),
  ],
  complete: async ({ outputs, run }) => {
    const late = scripts.get(run.subject)?.['complete'];
    await late?.({} as StepContext);
    return { outputs, previous: run.previousResult ?? null };
  },
};

describe.each(TEST_BACKENDS)('on %s', (backend) => {
  let node: RunNode;
  let idle: RunNode;
  const clock = new ManualClock();
  beforeAll(async () => {
    const database = await openTestDatabase(backend);
    node = await startRunNode(database, { job: definition }, { pollIntervalMs: 60_000 });
    idle = await startRunNode(database, { waiting: definition }, { workers: false, clock });
  });
  afterAll(async () => {
    await node.stop();
    await idle.stop();
  });

  async function start(script: Record<string, (context: StepContext) => unknown> = {}, owner = 'o'): Promise<string> {
    const subject = randomUUID();
    scripts.set(subject, script);
    return (await node.runs.start('job', { n: 1 }, { owner, subject })).run.id;
  }

  const log = (id: string) => readLog(node.runs.events(id));

  describe('starting', () => {
    it('answers at once with the queued run', async () => {
      const { run, replayed } = await idle.runs.start('waiting', {}, { owner: 'o', subject: randomUUID() });
      expect(replayed).toBe(false);
      expect(run).toMatchObject({
        status: 'queued',
        attempt: 1,
        progress: 0,
        step: 0,
        lastEventId: '1',
        kind: 'waiting',
      });
      expect(run.steps.map(({ id, status, sections }) => [id, status, sections])).toEqual([
        ['a', 'pending', ['section a']],
        ['b', 'pending', ['section b']],
        ['free', 'pending', ['section free']],
        ['c', 'pending', ['section c']],
      ]);
      expect(run).not.toHaveProperty('startedAt');
    });

    it('has the first progress in the log within 150 ms', async () => {
      await untilStatus(node.runs, await start(), 'succeeded');
      expect(
        await fastest(async () => {
          const begin = performance.now();
          const id = await start();
          await untilMessage(node.runs, id, ({ event }) => event === 'progress');
          return performance.now() - begin;
        }),
      ).toBeLessThan(150);
    });

    it('refuses a second active run of the subject and names the first', async () => {
      const subject = randomUUID();
      const { run } = await idle.runs.start('waiting', {}, { owner: 'o', subject });
      const second = idle.runs.start('waiting', {}, { owner: 'o', subject });
      await expect(second).rejects.toMatchObject({ code: 'run_active', runId: run.id });
      await expect(second).rejects.toThrow(RunConflict);
      await idle.runs.cancel(run.id);
      expect((await idle.runs.start('waiting', {}, { owner: 'o', subject })).run.id).not.toBe(run.id);
    });

    it('lets exactly one of many starts at the same time through', async () => {
      const subject = randomUUID();
      const starts = Array.from({ length: 8 }, () => idle.runs.start('waiting', {}, { owner: 'o', subject }));
      const settled = await Promise.allSettled(starts);
      expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const reasons = settled.flatMap((result) => (result.status === 'rejected' ? [result.reason.code as string] : []));
      expect(new Set(reasons)).toEqual(new Set(['run_active']));
    });

    it('answers a repeated key with the run as it is, also when asked many times at once', async () => {
      const options = { owner: 'o', subject: randomUUID(), idempotencyKey: 'key 1' };
      const answers = await Promise.all(Array.from({ length: 6 }, () => idle.runs.start('waiting', {}, options)));
      expect(new Set(answers.map(({ run }) => run.id)).size).toBe(1);
      expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
      const id = answers[0]?.run.id as string;
      await idle.runs.cancel(id);
      expect(await idle.runs.start('waiting', {}, options)).toMatchObject({
        replayed: true,
        run: { id, status: 'cancelled' },
      });
    });

    it('keeps a key to its owner, kind and subject, and forgets it after a day', async () => {
      const options = { owner: 'o', subject: randomUUID(), idempotencyKey: 'k' };
      const { run } = await idle.runs.start('waiting', {}, options);
      await idle.runs.cancel(run.id);
      for (const other of [{ owner: 'p' }, { subject: randomUUID() }]) {
        const started = await idle.runs.start('waiting', {}, { ...options, ...other });
        expect(started.replayed).toBe(false);
        await idle.runs.cancel(started.run.id);
      }
      clock.advance(DAY_MS - 1);
      expect((await idle.runs.start('waiting', {}, options)).replayed).toBe(true);
      expect(await idle.runs.replay('waiting', options)).toMatchObject({ id: run.id, status: 'cancelled' });
      clock.advance(1);
      expect(await idle.runs.replay('waiting', options)).toBeUndefined();
      expect((await idle.runs.start('waiting', {}, options)).replayed).toBe(false);
    });

    it('refuses a kind that nobody handles', async () => {
      await expect(node.runs.start('no-such', {}, { owner: 'o', subject: 's' })).rejects.toThrow(RunKindUnknown);
    });
  });

  describe('cancelling', () => {
    it('ends a queued run at once', async () => {
      const { run } = await idle.runs.start('waiting', {}, { owner: 'o', subject: randomUUID() });
      expect(await idle.runs.cancel(run.id)).toMatchObject({ status: 'cancelled', finishedAt: expect.any(String) });
      const messages = await readLog(idle.runs.events(run.id));
      expect(outline(messages)).toEqual(['status queued', 'status cancelled']);
      expect(await idle.runs.events(run.id).tail()).toEqual({ cursor: '2', ended: true });
    });

    it('ends a running run within 500 ms, whatever its step does with the signal', async () => {
      const began = makeGate();
      let reason: unknown;
      const id = await start({
        b: ({ signal }) => {
          began.open();
          signal.addEventListener('abort', () => (reason = signal.reason));
          return new Promise(() => undefined);
        },
      });
      await began.opened;
      // The node polls once a minute, so only the hint can be as fast as this.
      const begin = performance.now();
      expect(['cancelling', 'cancelled']).toContain((await node.runs.cancel(id)).status);
      const snapshot = await untilStatus(node.runs, id, 'cancelled');
      expect(performance.now() - begin).toBeLessThan(500);
      expect(reason).toMatchObject({ name: 'AbortError', code: 'cancelled' });
      expect(snapshot.steps.map(({ status }) => status)).toEqual(['finished', 'pending', 'pending', 'pending']);
      expect(outline(await log(id)).slice(-2)).toEqual(['status cancelling', 'status cancelled']);
      expect(findLogFaults(await log(id))).toEqual([]);
    });

    it('changes nothing after the end, nor when repeated', async () => {
      const id = await start();
      const before = await untilStatus(node.runs, id, 'succeeded');
      expect(await node.runs.cancel(id)).toEqual(before);
      const cancelled = (await idle.runs.start('waiting', {}, { owner: 'o', subject: randomUUID() })).run.id;
      expect(await idle.runs.cancel(cancelled)).toEqual(await idle.runs.cancel(cancelled));
      await expect(node.runs.cancel('nobody')).rejects.toThrow(RunNotFound);
    });

    it('ends in exactly one way when it races with the completion', async () => {
      const ends = new Set<string>();
      for (let round = 0; round < 12; round += 1) {
        const near = makeGate();
        const id = await start({ c: () => void near.open() });
        await near.opened;
        for (let turn = 0; turn < round; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        await node.runs.cancel(id);
        const { status } = await untilStatus(node.runs, id, ...ENDED);
        ends.add(status);
        expect(findLogFaults(await log(id))).toEqual([]);
      }
      for (const status of ends) expect(['succeeded', 'cancelled']).toContain(status);
    });

    it('is not undone by a completion that began before it', async () => {
      let id = '';
      // The cancel waits for the transaction that ends the run, so that it comes too late; it must not change the end.
      let late: Promise<unknown> | undefined;
      id = await start({ complete: () => void (late = node.runs.cancel(id)) });
      await untilStatus(node.runs, id, 'succeeded');
      expect(await late).toMatchObject({ status: 'succeeded' });
      expect(findLogFaults(await log(id))).toEqual([]);
    });
  });

  describe('retrying', () => {
    it('does what failed and what was not reached, in the same log, and keeps what was finished', async () => {
      const fail = new Set(['b']);
      const ran: string[] = [];
      const id = await start(
        Object.fromEntries(
          ['a', 'b', 'free', 'c'].map((step) => [
            step,
            () => {
              ran.push(step);
              if (fail.delete(step)) throw new Error('no');
            },
          ]),
        ),
      );
      const failed = await untilStatus(node.runs, id, 'failed');
      expect(failed.error).toMatchObject({ code: 'step_failed', retryable: true, stepId: 'b' });
      expect(failed.steps.map(({ status }) => status)).toEqual(['finished', 'failed', 'pending', 'pending']);
      expect(await node.runs.retry(id)).toMatchObject({ attempt: 2 });
      const snapshot = await untilStatus(node.runs, id, 'succeeded');
      expect(ran).toEqual(['a', 'b', 'b', 'free', 'c']);
      expect(snapshot).toMatchObject({
        attempt: 2,
        progress: 100,
        result: { outputs: { a: 'a 1', b: 'b 2', c: 'c 2' } },
      });
      expect(snapshot).not.toHaveProperty('error');
      const lines = outline(await log(id));
      expect(lines.filter((line) => line.startsWith('educational'))).toEqual(['educational a']);
      expect(lines).toContain('progress b restarted 25');
      expect(findLogFaults(await log(id))).toEqual([]);
    });

    it('does again what was skipped or partial, and what reads from it', async () => {
      const gaps = [{ partial: 'half the data', output: 1 }, { output: 2 }];
      const id = await start({ free: () => gaps.shift() });
      const first = await untilStatus(node.runs, id, 'succeeded_with_gaps');
      expect(first.steps.map(({ status, reason }) => [status, reason])).toContainEqual(['finished', 'half the data']);
      await node.runs.retry(id);
      const second = await untilStatus(node.runs, id, 'succeeded');
      expect(second.result).toMatchObject({
        outputs: { a: 'a 1', b: 'b 1', free: 2, c: 'c 2' },
        previous: { outputs: { free: 1, c: 'c 1' } },
      });
      expect(findLogFaults(await log(id))).toEqual([]);
    });

    it('goes on after a cancel', async () => {
      const began = makeGate();
      const id = await start({
        b: ({ attempt }) => (began.open(), attempt === 1 ? new Promise(() => undefined) : undefined),
      });
      await began.opened;
      await node.runs.cancel(id);
      await untilStatus(node.runs, id, 'cancelled');
      await node.runs.retry(id);
      await untilStatus(node.runs, id, 'succeeded');
      expect(findLogFaults(await log(id))).toEqual([]);
    });

    it('goes on to succeeded_with_gaps when an optional step fails, and retries that', async () => {
      const errors = [new Error('detail')];
      const id = await start({
        free: () => {
          const error = errors.pop();
          if (error) throw error;
        },
      });
      const first = await untilStatus(node.runs, id, ...ENDED);
      expect(first).toMatchObject({ status: 'succeeded_with_gaps', progress: 100 });
      expect(first.steps[2]).toMatchObject({ status: 'failed', error: { code: 'step_failed' } });
      expect(outline(await log(id))).toContain('error step_failed');
      await node.runs.retry(id);
      await untilStatus(node.runs, id, 'succeeded');
      expect(findLogFaults(await log(id))).toEqual([]);
    });

    it('refuses what is active or ended well, and a subject that has another active run', async () => {
      const id = await start();
      await untilStatus(node.runs, id, 'succeeded');
      await expect(node.runs.retry(id)).rejects.toMatchObject({ code: 'run_not_retryable', runId: id });
      const options = { owner: 'o', subject: randomUUID() };
      const first = (await idle.runs.start('waiting', {}, options)).run.id;
      await expect(idle.runs.retry(first)).rejects.toMatchObject({ code: 'run_active', runId: first });
      await idle.runs.cancel(first);
      const second = (await idle.runs.start('waiting', {}, options)).run.id;
      await expect(idle.runs.retry(first)).rejects.toMatchObject({ code: 'run_active', runId: second });
      await expect(node.runs.retry('nobody')).rejects.toThrow(RunNotFound);
    });

    it('queues a run once when it is retried twice at the same time', async () => {
      const { run } = await idle.runs.start('waiting', {}, { owner: 'o', subject: randomUUID() });
      await idle.runs.cancel(run.id);
      const both = await Promise.allSettled([idle.runs.retry(run.id), idle.runs.retry(run.id)]);
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(await idle.runs.snapshot(run.id)).toMatchObject({ attempt: 2 });
    });

    it('fails, and can be retried, when the result could not be stored', async () => {
      const errors = [new Error('secret table')];
      const id = await start({
        complete: () => {
          const error = errors.pop();
          if (error) throw error;
        },
      });
      const failed = await untilStatus(node.runs, id, 'failed');
      expect(failed.error).toMatchObject({ code: 'completion_failed', retryable: true });
      expect(failed.error?.message).not.toContain('secret');
      expect(node.errors.some((error) => error.includes('secret table'))).toBe(true);
      await node.runs.retry(id);
      await untilStatus(node.runs, id, 'succeeded');
      expect(findLogFaults(await log(id))).toEqual([]);
    });
  });

  describe('reading', () => {
    it('finds runs by owner, subject, kind and status, and the newest of each subject', async () => {
      const owner = randomUUID();
      const [s1, s2] = [randomUUID(), randomUUID()];
      const ids: string[] = [];
      for (const subject of [s1, s2, s1]) {
        clock.advance(1);
        const { run } = await idle.runs.start('waiting', {}, { owner, subject });
        ids.push(run.id);
        if (ids.length < 3) await idle.runs.cancel(run.id);
      }
      const found = async (filter: object) => (await idle.runs.list({ owner, ...filter })).map(({ id }) => id);
      expect(await found({})).toEqual([...ids].reverse());
      expect(await found({ limit: 1 })).toEqual([ids[2]]);
      expect(await found({ subjects: [s2] })).toEqual([ids[1]]);
      expect(await found({ statuses: ['queued'] })).toEqual([ids[2]]);
      expect(await found({ kind: 'job' })).toEqual([]);
      expect(await found({ subjects: [] })).toEqual([]);
      const latest = await idle.runs.latestBySubject([s1, s2, 'nobody']);
      expect([...latest].map(([subject, { id }]) => [subject, id]).sort()).toEqual(
        [
          [s1, ids[2]],
          [s2, ids[1]],
        ].sort(),
      );
      expect(await idle.runs.find(ids[0] as string)).toEqual({
        id: ids[0],
        kind: 'waiting',
        owner,
        subject: s1,
        status: 'cancelled',
        attempt: 1,
      });
      expect(await idle.runs.find('nobody')).toBeUndefined();
      expect(await idle.runs.snapshot('nobody')).toBeUndefined();
    });

    it('deletes a subject’s runs; one that is under way stops and its readers are told', async () => {
      const began = makeGate();
      let aborted: AbortSignal | undefined;
      const id = await start({ a: ({ signal }) => (began.open(), (aborted = signal), new Promise(() => undefined)) });
      await began.opened;
      const { subject } = (await node.runs.find(id)) as { subject: string };
      const told = makeGate();
      const subscription = node.runs.events(id).changes.subscribe((cursor) => cursor === '0' && told.open());
      await node.runs.deleteBySubject(subject);
      await told.opened;
      subscription.unsubscribe();
      expect(await node.runs.snapshot(id)).toBeUndefined();
      expect(await node.runs.events(id).tail()).toEqual({ cursor: '0', ended: true });
      await new Promise<void>((resolve) => {
        if (aborted?.aborted) resolve();
        else aborted?.addEventListener('abort', () => resolve());
      });
      expect(aborted?.reason).toMatchObject({ code: 'lost' });
    });

    it('deletes within the application’s own transaction', async () => {
      const id = await start();
      await untilStatus(node.runs, id, 'succeeded');
      const { subject } = (await node.runs.find(id)) as { subject: string };
      const rolledBack = node.runtime.options.db.transaction().execute(async (transaction) => {
        await node.runs.deleteBySubject(subject, { transaction });
        throw new Error('changed my mind');
      });
      await expect(rolledBack).rejects.toThrow('changed my mind');
      expect(await node.runs.snapshot(id)).toBeDefined();
    });
  });

  describe('the feed', () => {
    it('has the status messages of all the owner’s runs, in a sequence of its own without holes', async () => {
      const owner = randomUUID();
      const ids = await Promise.all([start({}, owner), start({}, owner), start({}, owner)]);
      for (const id of ids) await untilStatus(node.runs, id, 'succeeded');
      const feed = await readLog(node.runs.feed(owner));
      expect(feed.map(({ id }) => id)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9']);
      for (const id of ids) {
        const own = feed.filter(({ data }) => data.runId === id).map(({ data }) => data);
        const logged = (await log(id)).flatMap(({ event, data }) => (event === 'status' ? [data] : []));
        expect(own).toEqual(logged);
      }
      expect(await node.runs.feed(owner).tail()).toEqual({ cursor: '9', ended: false });
    });

    it('is empty for one who has no runs, and gone with its owner', async () => {
      const owner = randomUUID();
      expect(await node.runs.feed(owner).readAfter(undefined, 10)).toEqual({
        events: [],
        cursor: '0',
        more: false,
        ended: false,
      });
      const id = await start({}, owner);
      await untilStatus(node.runs, id, 'succeeded');
      await node.runs.deleteByOwner(owner);
      expect(await readLog(node.runs.feed(owner))).toEqual([]);
      expect(await node.runs.snapshot(id)).toBeUndefined();
    });
  });
});
