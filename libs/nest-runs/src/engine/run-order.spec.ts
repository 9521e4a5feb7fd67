import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { EducationalContent } from '@throughline/sse-protocol';
import type { RunDefinition, StepContext, StepDefinition, StepResult } from '../definition/run-definition.js';
import { StepError } from '../run-errors.js';
import { closeTestDatabases, findLogFaults, openTestDatabase, TEST_BACKENDS } from '../testing/index.js';
import { outline, readLog, startRunNode, untilStatus, type RunNode } from '../testing/run-node.js';

jest.setTimeout(30_000);
afterAll(closeTestDatabases);

const CARD: EducationalContent = { title: 'Why', summary: 's', details: ['d'], tip: 't', sources: [] };
const ENDED = ['succeeded', 'succeeded_with_gaps', 'failed', 'cancelled'] as const;
const OUTCOMES = ['ok', 'nothing', 'skipped', 'partial', 'failed', 'thrown', 'not-json'] as const;
type Outcome = (typeof OUTCOMES)[number];

interface Plan {
  outcome: Outcome;
  emits: number;
  hasCard: boolean;
}

async function act(plan: Plan, { emit, progress }: StepContext): Promise<StepResult> {
  for (let n = 1; n <= plan.emits; n += 1) {
    progress(n, plan.emits, `${n} done`);
    void emit({ event: 'delta', data: { section: 's', path: `/${n % 2}`, text: `t${n}` } });
    if (n % 3 === 0) await emit({ event: 'section', data: { section: 's', content: { n } } });
  }
  switch (plan.outcome) {
    case 'ok':
      return { output: { n: 1 } };
    case 'nothing':
      return {};
    case 'skipped':
      return { skipped: 'no data' };
    case 'partial':
      return { output: 1, partial: 'some data' };
    case 'not-json':
      return { output: 1n };
    case 'failed':
      throw new StepError('no_luck', 'No luck.', true);
    case 'thrown':
      throw new Error('internal detail');
  }
}

const planned: RunDefinition<Plan[]> = {
  // The steps of a kind are fixed; the input says how each ends.
  steps: Array.from({ length: 5 }, (_, index): StepDefinition<Plan[]> => {
    return {
      id: `s${index}`,
      title: `Step ${index}`,
      ...(index > 0 && { after: [`s${index - 1}`] }),
      weight: index + 1,
      optional: index % 2 === 1,
      card: ({ input }) => {
        if (!input[index]?.hasCard) throw new Error('no card');
        return CARD;
      },
      run: (context) => act(context.input[index] as Plan, context as unknown as StepContext),
    };
  }),
};

const shape: RunDefinition = {
  steps: [
    { id: 'a', title: 'A', card: CARD, weight: 1, run: () => ({ output: 'from a' }) },
    {
      id: 'b',
      title: 'B',
      after: ['a'],
      card: CARD,
      weight: 3,
      run: async ({ emit, progress, outputs, input }) => {
        progress(1, 2, 'half');
        await emit({ event: 'section', data: { section: 'b', content: { outputs, input } } });
        return { output: 1 };
      },
    },
  ],
  complete: async ({ outputs, run }) => ({ strategyId: run.subject, version: 3, summary: `${String(outputs['a'])}!` }),
};

const plans = fc.array(
  fc.record({
    outcome: fc.constantFrom(...OUTCOMES),
    emits: fc.integer({ min: 0, max: 7 }),
    hasCard: fc.boolean(),
  }),
  { minLength: 5, maxLength: 5 },
);

function expectedStatus(steps: readonly Plan[]): string {
  const failures: Outcome[] = ['failed', 'thrown', 'not-json'];
  if (steps.some(({ outcome }, index) => failures.includes(outcome) && index % 2 === 0)) return 'failed';
  return steps.every(({ outcome }) => outcome === 'ok' || outcome === 'nothing') ? 'succeeded' : 'succeeded_with_gaps';
}

describe.each(TEST_BACKENDS)('on %s', (backend) => {
  let node: RunNode;
  const throttled: RunDefinition = {
    steps: [
      {
        id: 'write',
        title: 'Writing',
        run: async ({ emit }) => {
          for (const text of ['Once ', 'upon ', 'a time'])
            void emit({ event: 'delta', data: { section: 's', path: '/p', text } });
          void emit({ event: 'delta', data: { section: 's', path: '/q', text: 'Other' } });
          void emit({ event: 'delta', data: { section: 's', path: '/q', text: 'x'.repeat(1100) } });
          await emit({ event: 'delta', data: { section: 's', path: '/q', text: '!' } });
          return {};
        },
      },
    ],
  };
  const forbidden: RunDefinition = {
    steps: [
      {
        id: 'cheat',
        title: 'Cheating',
        run: ({ emit }) => {
          void emit({ event: 'status', data: { status: 'succeeded' } } as never);
          return {};
        },
      },
    ],
  };

  beforeAll(async () => {
    const kinds = { planned: planned as RunDefinition, shape, throttled, forbidden };
    node = await startRunNode(await openTestDatabase(backend), kinds);
  });
  afterAll(() => node.stop());

  async function run(kind: string, input: unknown) {
    const { run: started } = await node.runs.start(kind, input, { owner: 'o', subject: randomUUID() });
    const snapshot = await untilStatus(node.runs, started.id, ...ENDED);
    return { snapshot, messages: await readLog(node.runs.events(started.id)) };
  }

  it('tells a run in the order of the wire protocol', async () => {
    const { snapshot, messages } = await run('shape', { brief: 1 });
    expect(outline(messages)).toEqual([
      'status queued',
      'status running',
      'progress a started 0',
      'educational a',
      'progress a finished 25',
      'progress b started 25',
      'educational b',
      'progress b advanced 62',
      'section b',
      'progress b finished 100',
      'status succeeded',
      'complete succeeded',
    ]);
    expect(findLogFaults(messages)).toEqual([]);
    expect(messages.at(-1)?.data).toMatchObject({
      strategyId: snapshot.subject,
      version: 3,
      summary: 'from a!',
      status: 'succeeded',
      durationMs: expect.any(Number),
      runId: snapshot.id,
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect(messages[8]?.data).toMatchObject({ content: { outputs: { a: 'from a' }, input: { brief: 1 } } });
  });

  it('shows in the snapshot what the log says', async () => {
    const { snapshot, messages } = await run('shape', {});
    expect(snapshot).toMatchObject({
      status: 'succeeded',
      progress: 100,
      step: 2,
      attempt: 1,
      lastEventId: String(messages.length),
      result: { version: 3 },
      educationalContent: CARD,
    });
    expect(snapshot.steps.map(({ id, status }) => [id, status])).toEqual([
      ['a', 'finished'],
      ['b', 'finished'],
    ]);
  });

  it('joins deltas of one place, in bounds, and never past another message', async () => {
    const { messages } = await run('throttled', {});
    const texts = outline(messages).filter((line) => line.startsWith('delta'));
    expect(texts).toEqual(['delta Once upon a time', `delta Other${'x'.repeat(1100)}`, 'delta !']);
    expect(findLogFaults(messages)).toEqual([]);
  });

  it("refuses a step's message that is the engine's own, as a fault of the step", async () => {
    const { snapshot, messages } = await run('forbidden', {});
    expect(snapshot.error).toMatchObject({ code: 'step_failed', stepId: 'cheat' });
    expect(findLogFaults(messages)).toEqual([]);
    expect(node.errors.some((error) => error.includes('sent by the engine'))).toBe(true);
  });

  it('keeps the rules of the log whatever the outcomes of the steps are, also over a retry', async () => {
    await fc.assert(
      fc.asyncProperty(plans, async (steps) => {
        const { snapshot, messages } = await run('planned', steps);
        expect(findLogFaults(messages)).toEqual([]);
        expect(snapshot.status).toBe(expectedStatus(steps));
        expect(snapshot.lastEventId).toBe(String(messages.length));
        const hundreds = messages.filter(({ event, data }) => event === 'progress' && data.progress === 100);
        expect(hundreds).toHaveLength(snapshot.status === 'failed' ? 0 : 1);
        expect(JSON.stringify(messages)).not.toContain('internal detail');
        if (snapshot.status === 'succeeded') return;
        await node.runs.retry(snapshot.id);
        await untilStatus(node.runs, snapshot.id, ...ENDED);
        const both = await readLog(node.runs.events(snapshot.id));
        expect(findLogFaults(both)).toEqual([]);
        expect(both.slice(0, messages.length)).toEqual(messages);
      }),
      { numRuns: 15 },
    );
  });
});
