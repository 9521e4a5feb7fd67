import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { closeTestDatabases } from '@throughline/nest-runs/testing';
import type { EventPage, RunEvents, StatusData } from '@throughline/sse-protocol';
import type { Page, RunSnapshot, Strategy, StrategyVersion } from '@throughline/strategy-contract';
import type { ApiClient } from '../support/api-client.js';
import { importForm, inventoryCsv, requiredBrief } from '../support/briefs.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const TIMEOUT_MS = 60_000;
/** Enough pages that a run is still at its topics when a test acts on it. */
const MANY_PAGES = 600;

let server: TestApp;
let client: ApiClient;

beforeAll(async () => {
  server = await startTestApp('pglite');
  client = await server.addMember('owner@example.org');
  const form = importForm(inventoryCsv(MANY_PAGES), 'inventory.csv', { kind: 'own', name: 'Acme' });
  await client.post('/content-sources', form);
}, TIMEOUT_MS);

afterAll(async () => {
  await server?.close();
  await closeTestDatabases();
});

async function createStrategy(brief: unknown = requiredBrief()): Promise<Strategy> {
  const { body } = await client.post<Strategy>('/strategies', { name: 'Plan', brief });
  return body;
}

/** Follows a run until its attempt has ended; the messages of the attempt. */
async function follow(runId: string, lastEventId?: string): Promise<EventPage<RunEvents>['events']> {
  const stream = await client.stream(`/runs/${runId}/events`, {
    timeoutMs: TIMEOUT_MS,
    ...(lastEventId === undefined ? {} : { lastEventId }),
  });
  await stream.closed;
  return stream.frames.filter(({ event }) => !event.startsWith('stream.')) as unknown as EventPage<RunEvents>['events'];
}

describe('starting a run', () => {
  it('refuses an incomplete brief with what is missing', async () => {
    const strategy = await createStrategy({ business: { objectives: ['Grow'] } });
    const { status, body } = await client.post(`/strategies/${strategy.id}/runs`);
    expect(status).toBe(422);
    expect(body.code).toBe('brief_incomplete');
    expect(body.errors?.map(({ path }) => path)).toEqual([
      'brief.business.targetMetrics',
      'brief.audience.painPoints',
      'brief.audience.preferences',
      'brief.competition.competitors',
      'brief.content.formats',
      'brief.content.frequency',
      'brief.content.voice',
    ]);
  });

  it('refuses sources that are not the user’s', async () => {
    const strategy = await createStrategy();
    const { status, body } = await client.post(`/strategies/${strategy.id}/runs`, { sourceIds: ['not-mine'] });
    expect(status).toBe(422);
    expect(body.errors?.[0]?.path).toBe('sourceIds.0');
  });

  it('answers 202 with the run and its address, and 409 with the run while it is active', async () => {
    const strategy = await createStrategy();
    const first = await client.post<RunSnapshot>(`/strategies/${strategy.id}/runs`);
    expect(first.status).toBe(202);
    expect(first.headers.get('location')).toBe(`/api/v1/runs/${first.body.id}`);
    const second = await client.post(`/strategies/${strategy.id}/runs`);
    expect(second.status).toBe(409);
    expect(second.body).toMatchObject({ code: 'run_active', runId: first.body.id });
    await client.post(`/runs/${first.body.id}/cancel`);
    await follow(first.body.id);
  });

  it('starts once for one Idempotency-Key, even if the brief has become incomplete meanwhile', async () => {
    const strategy = await createStrategy();
    const start = () => client.post<RunSnapshot>(`/strategies/${strategy.id}/runs`, {}, { 'idempotency-key': 'k 1' });
    const [a, b] = await Promise.all([start(), start()]);
    expect([a.status, b.status]).toEqual([202, 202]);
    expect(a.body.id).toBe(b.body.id);
    await client.send('PATCH', `/strategies/${strategy.id}`, { brief: { content: { voice: null } } });
    const c = await start();
    expect([c.status, c.body.id]).toEqual([202, a.body.id]);
    await client.post(`/runs/${a.body.id}/cancel`);
    await follow(a.body.id);
  });

  it.each(['', ' ', 'x'.repeat(256), 'clé'])('refuses the Idempotency-Key %j', async (key) => {
    const strategy = await createStrategy();
    const encoded = Buffer.from(key).toString('latin1');
    const { status } = await client.post(`/strategies/${strategy.id}/runs`, {}, { 'idempotency-key': encoded });
    expect(status).toBe(400);
  });
});

describe('cancelling and retrying', () => {
  it(
    'ends a running run as cancelled within 500 ms, keeps what is finished, and goes on with a retry',
    async () => {
      const strategy = await createStrategy();
      const run = await client.startRun(strategy.id);
      const stream = await client.stream(`/runs/${run.id}/events`, { timeoutMs: TIMEOUT_MS });
      await stream.until(({ event, data }) => event === 'progress' && data.stepId === 'topics');
      const asked = Date.now();
      const cancelled = await client.post<RunSnapshot>(`/runs/${run.id}/cancel`);
      expect(cancelled.status).toBe(202);
      await stream.until(({ event, data }) => event === 'status' && data.status === 'cancelled');
      expect(Date.now() - asked).toBeLessThan(500);
      const close = await stream.next('stream.close');
      expect(close.data).toMatchObject({ reason: 'complete' });
      await stream.closed;

      const again = await client.post<RunSnapshot>(`/runs/${run.id}/cancel`);
      expect(again).toMatchObject({ status: 202, body: { status: 'cancelled' } });
      const { body: stopped } = await client.get<RunSnapshot>(`/runs/${run.id}`);
      expect(stopped.steps[0]).toMatchObject({ id: 'context', status: 'finished' });

      const retried = await client.post<RunSnapshot>(`/runs/${run.id}/retry`);
      expect(retried).toMatchObject({ status: 202, body: { attempt: 2 } });
      const rest = await follow(run.id, stopped.lastEventId);
      const started = rest.flatMap(({ data }) =>
        'stepStatus' in data && data.stepStatus === 'started' ? [data.stepId] : [],
      );
      expect(started).not.toContain('context');
      expect(rest.at(-1)?.event).toBe('complete');
      expect(rest.flatMap(({ event, data }) => (event === 'status' ? [(data as StatusData).attempt] : []))).toEqual([
        2, 2, 2,
      ]);

      const log = await client.readLog(run.id);
      expect(log.map(({ id }) => Number(id))).toEqual(log.map((_, index) => index + 1));
    },
    TIMEOUT_MS,
  );

  it(
    'makes no new version by a retry that changes nothing, and refuses to retry what is under way',
    async () => {
      const strategy = await createStrategy();
      const run = await client.startRun(strategy.id);
      expect((await client.post(`/runs/${run.id}/retry`)).status).toBe(409);
      await follow(run.id);
      const { body: done } = await client.get<RunSnapshot>(`/runs/${run.id}`);
      expect(done.status).toBe('succeeded_with_gaps');
      expect((await client.post(`/runs/${run.id}/retry`)).status).toBe(202);
      await follow(run.id, done.lastEventId);
      const { body } = await client.get<Page<StrategyVersion>>(`/strategies/${strategy.id}/versions`);
      expect(body.items.map(({ version }) => version)).toEqual([1]);
    },
    TIMEOUT_MS,
  );

  it(
    'removes a strategy with its runs, also while one is under way',
    async () => {
      const strategy = await createStrategy();
      const run = await client.startRun(strategy.id);
      const stream = await client.stream(`/runs/${run.id}/events`, { timeoutMs: TIMEOUT_MS });
      await stream.next('progress');
      expect((await client.send('DELETE', `/strategies/${strategy.id}`)).status).toBe(204);
      await stream.closed;
      expect((await client.get(`/runs/${run.id}`)).status).toBe(404);
      expect((await client.get(`/strategies/${strategy.id}`)).status).toBe(404);
    },
    TIMEOUT_MS,
  );
});
