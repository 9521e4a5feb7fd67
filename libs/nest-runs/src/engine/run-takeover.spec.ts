import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { EducationalContent } from '@throughline/sse-protocol';
import type { RunDefinition, StepContext } from '../definition/run-definition.js';
import { RunClaimStore, type Claim } from '../store/run-claim.store.js';
import { encodeMessage } from '../store/stored-message.js';
import {
  closeTestDatabases,
  findLogFaults,
  openTestDatabase,
  TEST_BACKENDS,
  type TestDatabase,
} from '../testing/index.js';
import {
  makeGate,
  outline,
  readLog,
  startRunNode,
  untilMessage,
  untilStatus,
  type RunNode,
} from '../testing/run-node.js';
import { RunExecution, type RunExecutionParts } from './run-execution.js';
import { RunLost, RunWriter } from './run-writer.js';

jest.setTimeout(30_000);
afterAll(closeTestDatabases);

const CARD: EducationalContent = { title: 'Why', summary: 's', details: [], tip: 't', sources: [] };

/** Two steps, the second of which does what it is told by each node. */
function twoSteps(second: (context: StepContext) => Promise<void>, ran: string[] = []): RunDefinition {
  return {
    steps: [
      { id: 'a', title: 'A', card: CARD, run: () => (ran.push('a'), { output: { big: 'A' } }) },
      {
        id: 'b',
        title: 'B',
        after: ['a'],
        card: CARD,
        run: async (context) => {
          ran.push('b');
          await second(context);
          return { output: context.outputs['a'] };
        },
      },
    ],
    complete: async ({ outputs }) => ({ version: 1, outputs }),
  };
}

describe.each(TEST_BACKENDS)('on %s', (backend) => {
  let database: TestDatabase;
  const nodes: RunNode[] = [];

  beforeAll(async () => {
    database = await openTestDatabase(backend);
  });
  afterAll(async () => {
    for (const node of nodes) await node.stop();
  });

  async function start(kind: string, definition: RunDefinition, options = {}): Promise<RunNode> {
    const node = await startRunNode(database, { [kind]: definition }, options);
    nodes.push(node);
    return node;
  }

  function partsOf({ runtime }: RunNode): RunExecutionParts {
    const { db, events, feeds, hints, clock, options } = runtime;
    const claims = new RunClaimStore(events, feeds);
    const sendJob = async (): Promise<void> => undefined;
    return { db, events, feed: feeds, hints, clock, claims, sendJob, logger: options.logger, runTimeoutMs: 60_000 };
  }

  async function claimAgain(parts: RunExecutionParts, id: string): Promise<Claim> {
    const { job_id } = await parts.db.selectFrom('run').where('id', '=', id).select('job_id').executeTakeFirstOrThrow();
    const claim = await parts.claims.claim(parts.db, id, job_id, 60_000, new Date());
    if (!claim) throw new Error('not claimed');
    return claim;
  }

  it('goes on after a crash from the first step that has not ended, and the dead worker writes nothing more', async () => {
    const frozen = makeGate();
    const deadRan: string[] = [];
    const dead = await start(
      'crash',
      twoSteps(async ({ emit, signal }) => {
        await emit({ event: 'delta', data: { section: 's', path: '/', text: 'half a sen' } });
        await frozen.opened;
        void emit({ event: 'delta', data: { section: 's', path: '/', text: `too late ${signal.aborted}` } });
      }, deadRan),
      { pollIntervalMs: 60_000, signals: { notify: async () => undefined, listen: async () => async () => undefined } },
    );
    const { run } = await dead.runs.start('crash', {}, { owner: 'o', subject: randomUUID() });
    await untilMessage(dead.runs, run.id, ({ event }) => event === 'delta');

    const ran: string[] = [];
    const next = await start(
      'crash',
      twoSteps(async () => undefined, ran),
      { isEmbedded: true },
    );
    await untilStatus(next.runs, run.id, 'succeeded');
    frozen.open();
    await dead.stop();

    const messages = await readLog(next.runs.events(run.id));
    expect(outline(messages)).toEqual([
      'status queued',
      'status running',
      'progress a started 0',
      'educational a',
      'progress a finished 50',
      'progress b started 50',
      'educational b',
      'delta half a sen',
      'progress b restarted 50',
      'progress b finished 100',
      'status succeeded',
      'complete succeeded',
    ]);
    expect(findLogFaults(messages)).toEqual([]);
    expect(messages[8]?.data).toMatchObject({ discardFrom: '6' });
    expect(ran).toEqual(['b']);
    expect(deadRan).toEqual(['a', 'b']);
    const snapshot = await next.runs.snapshot(run.id);
    expect(snapshot).toMatchObject({ attempt: 1, result: { outputs: { a: { big: 'A' }, b: { big: 'A' } } } });
  });

  it('ends as cancelled after a restart when it was killed in the middle of a cancel', async () => {
    const dead = await start(
      'killed',
      twoSteps(() => new Promise(() => undefined)),
      { pollIntervalMs: 60_000 },
    );
    const { run } = await dead.runs.start('killed', {}, { owner: 'o', subject: randomUUID() });
    await untilMessage(dead.runs, run.id, ({ event, data }) => event === 'progress' && data.stepId === 'b');
    // What a cancel writes, without the hint: the process is killed before it can act on it.
    await dead.runtime.runs.cancel(dead.runtime.db, run.id, new Date());

    const next = await start(
      'killed',
      twoSteps(async () => undefined),
      { isEmbedded: true },
    );
    const { steps } = await untilStatus(next.runs, run.id, 'cancelled');
    expect(steps.map(({ status }) => status)).toEqual(['finished', 'pending']);
    const messages = await readLog(next.runs.events(run.id));
    expect(outline(messages).slice(-2)).toEqual(['status cancelling', 'status cancelled']);
    expect(findLogFaults(messages)).toEqual([]);
  });

  it('does a run once when two workers claim it at the same time', async () => {
    const node = await start(
      'twice',
      twoSteps(async () => undefined),
      { workers: false },
    );
    const parts = partsOf(node);
    for (let round = 0; round < 5; round += 1) {
      const { run } = await node.runs.start('twice', {}, { owner: 'o', subject: randomUUID() });
      const claims = await Promise.all([claimAgain(parts, run.id), claimAgain(parts, run.id)]);
      expect(claims.map(({ epoch }) => epoch).sort()).toEqual([1, 2]);
      const both = claims.map(
        (claim) =>
          new RunExecution(
            claim,
            twoSteps(async () => undefined),
            parts,
          ),
      );
      await Promise.all(both.map((execution) => execution.perform()));
      const messages = await readLog(node.runs.events(run.id));
      expect(findLogFaults(messages)).toEqual([]);
      expect(outline(messages).filter((line) => line.startsWith('complete'))).toHaveLength(1);
      expect(outline(messages).filter((line) => line === 'status running')).toHaveLength(1);
    }
  });

  it('writes nothing under an epoch that is not the newest: no message, no output, no end', async () => {
    const node = await start(
      'stale',
      twoSteps(async () => undefined),
      { workers: false },
    );
    const parts = partsOf(node);
    const { run } = await node.runs.start('stale', {}, { owner: 'o', subject: randomUUID() });
    const stale = await claimAgain(parts, run.id);
    await claimAgain(parts, run.id);
    const before = [await readLog(node.runs.events(run.id)), await node.runs.snapshot(run.id)];

    const failures: Error[] = [];
    const writer = new RunWriter(parts, stale, (error) => failures.push(error));
    await writer.emit({ event: 'x', render: () => encodeMessage(run.id, 'x', {}, new Date()) });
    expect(failures).toEqual([expect.any(RunLost)]);
    const commit = new RunWriter(parts, stale, () => undefined).commit(async ({ append, transaction }) => {
      await transaction.updateTable('run_step').set({ output: '1' }).where('run_id', '=', run.id).execute();
      await append([]);
    });
    await expect(commit).rejects.toThrow(RunLost);
    await new RunExecution(
      stale,
      twoSteps(async () => undefined),
      parts,
    ).perform();
    expect([await readLog(node.runs.events(run.id)), await node.runs.snapshot(run.id)]).toEqual(before);
  });

  it('does nothing for a job that is not the run’s own, or whose run has ended', async () => {
    const node = await start(
      'stray',
      twoSteps(async () => undefined),
      { workers: false },
    );
    const { db, claims } = partsOf(node);
    const { run } = await node.runs.start('stray', {}, { owner: 'o', subject: randomUUID() });
    expect(await claims.claim(db, run.id, randomUUID(), 1000, new Date())).toBeUndefined();
    const { job_id } = await db.selectFrom('run').where('id', '=', run.id).select('job_id').executeTakeFirstOrThrow();
    await node.runs.cancel(run.id);
    expect(await claims.claim(db, run.id, job_id, 1000, new Date())).toBeUndefined();
  });

  it('releases its runs when it stops, and another node goes on at once; nothing has failed', async () => {
    const began = makeGate();
    const signals: AbortSignal[] = [];
    const stopping = await start(
      'release',
      twoSteps(({ signal }) => {
        signals.push(signal);
        began.open();
        return new Promise(() => undefined);
      }),
    );
    const { run } = await stopping.runs.start('release', {}, { owner: 'o', subject: randomUUID() });
    await began.opened;
    await stopping.stop();
    expect(signals[0]?.reason).toMatchObject({ code: 'shutdown' });
    expect(await stopping.runs.snapshot(run.id)).toMatchObject({ status: 'running', attempt: 1 });

    const next = await start(
      'release',
      twoSteps(async () => undefined),
      { isEmbedded: false },
    );
    await untilStatus(next.runs, run.id, 'succeeded');
    const messages = await readLog(next.runs.events(run.id));
    expect(findLogFaults(messages)).toEqual([]);
    expect(outline(messages)).toContain('progress b restarted 50');
    const row = await next.runtime.db.selectFrom('run_step').where('run_id', '=', run.id).selectAll().execute();
    expect(row.map(({ interruptions }) => interruptions)).toEqual([0, 0]);
  });

  it('gives a step up that has killed its worker time and again', async () => {
    const node = await start(
      'poison',
      twoSteps(async () => undefined),
      { workers: false },
    );
    const parts = partsOf(node);
    const { run } = await node.runs.start('poison', {}, { owner: 'o', subject: randomUUID() });
    for (let crash = 0; crash < 5; crash += 1) {
      const execution = new RunExecution(
        await claimAgain(parts, run.id),
        twoSteps(() => new Promise(() => undefined)),
        parts,
      );
      const performing = execution.perform();
      const marker = crash === 0 ? 'started' : 'restarted';
      await untilMessage(
        node.runs,
        run.id,
        ({ event, data }) => event === 'progress' && data.stepId === 'b' && data.stepStatus === marker,
      );
      execution.abort('lost');
      await performing;
    }
    await new RunExecution(
      await claimAgain(parts, run.id),
      twoSteps(async () => undefined),
      parts,
    ).perform();
    expect(await node.runs.snapshot(run.id)).toMatchObject({
      status: 'failed',
      error: { code: 'step_crashed', stepId: 'b', retryable: true },
    });
    expect(findLogFaults(await readLog(node.runs.events(run.id)))).toEqual([]);
  });

  it('queues a silent run again that has lost its job', async () => {
    const node = await start(
      'lost',
      twoSteps(async () => undefined),
      { workers: false },
    );
    const { run } = await node.runs.start('lost', {}, { owner: 'o', subject: randomUUID() });
    const { db, recovery } = node.runtime;
    const longAgo = new Date(Date.now() - 60_000);
    await db.updateTable('run').set({ touched_at: longAgo }).where('id', '=', run.id).execute();
    expect(await recovery.sweep(['lost'])).toBe(0);
    await db.updateTable('run').set({ job_id: randomUUID() }).where('id', '=', run.id).execute();
    expect(await recovery.sweep(['lost'])).toBe(1);
    const worker = await start(
      'lost',
      twoSteps(async () => undefined),
      { isEmbedded: false },
    );
    await untilStatus(worker.runs, run.id, 'succeeded');
  });
});
