import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { closeTestDatabases, TEST_BACKENDS } from '@throughline/nest-runs/testing';
import { type EventPage, isTerminal, type RunEvents } from '@throughline/sse-protocol';
import {
  type ContentSource,
  GENERATION_STEPS,
  isRunMessageData,
  type Page,
  type RunSnapshot,
  SECTION_KEYS,
  type Strategy,
  type StrategyDocument,
  type StrategyVersion,
} from '@throughline/strategy-contract';
import type { ApiClient } from '../support/api-client.js';
import { feedXml, importForm, inventoryCsv, requiredBrief } from '../support/briefs.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const RUN_TIMEOUT_MS = 90_000;
const JSON_PAGE = { accept: 'application/json' };

afterAll(closeTestDatabases);

describe.each(TEST_BACKENDS)('the main job on %s', (backend) => {
  let server: TestApp;
  let client: ApiClient;
  let strategy: Strategy;
  let run: RunSnapshot;
  let log: EventPage<RunEvents>['events'];
  let document: StrategyDocument;

  beforeAll(async () => {
    server = await startTestApp(backend);
    client = await server.addMember('writer@example.org');
    const own = importForm(inventoryCsv(), 'inventory.csv', { kind: 'own', name: 'Acme' });
    await client.post('/content-sources', own);
    await client.post('/content-sources', importForm(feedXml(), 'feed.xml', { kind: 'competitor', name: 'Rival' }));
    const brief = { ...requiredBrief(), competition: { competitors: [{ name: 'Rival' }] } };
    ({ body: strategy } = await client.post<Strategy>('/strategies', { name: 'Growth', brief }));
    run = await client.startRun(strategy.id);
    const stream = await client.stream(`/runs/${run.id}/events`, { timeoutMs: RUN_TIMEOUT_MS });
    await stream.until(({ event }) => event === 'stream.close');
    await stream.closed;
    log = stream.frames
      .filter(({ event }) => !event.startsWith('stream.'))
      .map(({ event, id, data }) => ({ event, id, data })) as typeof log;
    const { body } = await client.get<RunSnapshot>(`/runs/${run.id}`);
    ({ body: document } = await client.get<StrategyDocument>(`/strategies/${strategy.id}/versions/${body.version}`));
  }, RUN_TIMEOUT_MS);

  afterAll(() => server?.close());

  it('imports both sources with a report', async () => {
    const { body } = await client.get<Page<ContentSource>>('/content-sources');
    const counts = body.items.map(({ name, kind, itemCount, report }) => ({
      name,
      kind,
      itemCount,
      kept: report.kept,
    }));
    expect(counts).toEqual(
      expect.arrayContaining([
        { name: 'Acme', kind: 'own', itemCount: 40, kept: 40 },
        { name: 'Rival', kind: 'competitor', itemCount: 40, kept: 40 },
      ]),
    );
  });

  it('streams ids 1..n without holes, in the shapes of the contract', () => {
    expect(log.map(({ id }) => id)).toEqual(log.map((_, index) => String(index + 1)));
    for (const { event, data } of log) expect(isRunMessageData(event, data)).toBe(true);
  });

  it('begins with queued and running, and ends with the last status directly before complete', () => {
    expect(log.slice(0, 2).map(({ data }) => (data as { status?: string }).status)).toEqual(['queued', 'running']);
    expect(log.slice(-2).map(({ event }) => event)).toEqual(['status', 'complete']);
    const [status, complete] = log.slice(-2).map(({ data }) => data as { status: string });
    expect(status?.status).toBe(complete?.status);
  });

  it('explains every step once, at its start, with the card of that step', () => {
    const cards = log
      .filter(({ event }) => event === 'educational')
      .map(({ data }) => (data as { stepId: string }).stepId);
    expect(cards).toEqual(GENERATION_STEPS.map(({ id }) => id));
    for (const { id } of GENERATION_STEPS) {
      const started = log.findIndex(
        ({ data }) => 'stepStatus' in data && data.stepId === id && data.stepStatus === 'started',
      );
      expect(log[started + 1]?.event).toBe('educational');
    }
  });

  it('moves progress forward only, and to 100 exactly once, with the last step', () => {
    const progress = log.flatMap(({ event, data }) => (event === 'progress' ? [data as RunEvents['progress']] : []));
    const values = progress.map((data) => data.progress);
    expect(values).toEqual(values.toSorted((a, b) => a - b));
    expect(values.filter((value) => value === 100)).toHaveLength(1);
    expect(progress.at(-1)).toMatchObject({ stepId: 'compile', stepStatus: 'finished', progress: 100 });
  });

  it('sends each section once, as it stands in the document', () => {
    const sections = log.flatMap(({ event, data }) => (event === 'section' ? [data as RunEvents['section']] : []));
    expect(sections.map(({ section }) => section).toSorted()).toEqual([...SECTION_KEYS].toSorted());
    for (const { section, content } of sections) expect(document[section as keyof StrategyDocument]).toEqual(content);
  });

  it.each(['0', '1', '7'])('resumes after cursor %s by header and by query', async (cursor) => {
    for (const [path, options] of [
      ['', { lastEventId: cursor }],
      [`?lastEventId=${cursor}`, {}],
    ] as const) {
      const stream = await client.stream(`/runs/${run.id}/events${path}`, options);
      await stream.closed;
      const ids = stream.frames.filter(({ event }) => !event.startsWith('stream.')).map(({ id }) => id);
      expect(ids).toEqual(log.map(({ id }) => id).slice(Number(cursor)));
      expect(stream.frames[0]).toMatchObject({ event: 'stream.open', data: { resumedFrom: cursor } });
      expect(stream.frames.at(-1)).toMatchObject({ event: 'stream.close', data: { reason: 'complete' } });
    }
  });

  it('answers 204 at the tail, so that an EventSource stops', async () => {
    const stream = await client.stream(`/runs/${run.id}/events`, { lastEventId: log.at(-1)!.id });
    expect(stream.status).toBe(204);
    await stream.closed;
  });

  it('tells a gap to a client that is ahead of the tail', async () => {
    for (const cursor of ['100000', '9007199254740993', '9'.repeat(256)]) {
      const { body } = await client.get<EventPage>(`/runs/${run.id}/events?after=${cursor}`, JSON_PAGE);
      expect(body.gap).toMatchObject({ reason: 'ahead', from: cursor, snapshot: `/api/v1/runs/${run.id}` });
    }
  });

  it.each(['-1', '01', 'abc', '1.5', '9'.repeat(257)])('refuses cursor %s with 400', async (cursor) => {
    const { status, body } = await client.get(`/runs/${run.id}/events?after=${cursor}`, JSON_PAGE);
    expect(status).toBe(400);
    expect(body.code).toBe('invalid_cursor');
    const stream = await client.stream(`/runs/${run.id}/events`, { lastEventId: cursor });
    expect(stream.status).toBe(400);
    await stream.closed;
  });

  it('gives the same messages as JSON pages', async () => {
    expect(await client.readLog(run.id)).toEqual(log);
    const { body } = await client.get<EventPage>(`/runs/${run.id}/events?limit=500`, JSON_PAGE);
    expect(isTerminal(body.status as never)).toBe(true);
    expect(body.more).toBe(false);
  });

  it('gives a snapshot that agrees with the log', async () => {
    const { body } = await client.get<RunSnapshot>(`/runs/${run.id}`);
    expect(body).toMatchObject({ strategyId: strategy.id, progress: 100, lastEventId: log.at(-1)!.id, version: 1 });
    expect(body.steps.map(({ id }) => id)).toEqual(GENERATION_STEPS.map(({ id }) => id));
    expect(body).not.toHaveProperty('owner');
  });

  it('keeps the brief that it worked from, whatever becomes of the strategy', async () => {
    const { status } = await client.send('PATCH', `/strategies/${strategy.id}`, {
      brief: { business: { objectives: ['Something else'] } },
    });
    expect(status).toBe(200);
    const { body } = await client.get<StrategyDocument>(`/strategies/${strategy.id}/versions/1`);
    expect(body.brief.business.objectives).toEqual(requiredBrief().business.objectives);
    expect(body).toEqual(document);
  });

  it('lists the version and exports it in every format', async () => {
    const { body } = await client.get<Page<StrategyVersion>>(`/strategies/${strategy.id}/versions`);
    expect(body.items).toEqual([expect.objectContaining({ version: 1, runId: run.id })]);
    const exported = async (format: string) => {
      const answer = await client.get<unknown>(`/strategies/${strategy.id}/versions/1/export?format=${format}`);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="growth-v1.${format}"`);
      return answer.body;
    };
    expect(await exported('json')).toEqual(document);
    expect(await exported('md')).toContain('# Growth');
    expect(await exported('csv')).toContain('section,kind,date');
    expect(await exported('ics')).toContain('BEGIN:VCALENDAR');
    const { status } = await client.get(`/strategies/${strategy.id}/versions/1/export?format=exe`);
    expect(status).toBe(400);
  });

  it('tells the owner of the run in the feed, and nobody else', async () => {
    const { body } = await client.get<EventPage>('/events', JSON_PAGE);
    const statuses = body.events.map(({ event, data }) => [event, (data as { status: string }).status]);
    expect(statuses.slice(0, 2)).toEqual([
      ['status', 'queued'],
      ['status', 'running'],
    ]);
    expect(body).not.toHaveProperty('status');
    const { body: others } = await server.admin.get<EventPage>('/events', JSON_PAGE);
    expect(others.events).toEqual([]);
  });

  it('shows nothing of it to another user', async () => {
    const paths = [
      `/strategies/${strategy.id}`,
      `/strategies/${strategy.id}/versions`,
      `/strategies/${strategy.id}/versions/1`,
      `/strategies/${strategy.id}/versions/1/export?format=md`,
      `/runs/${run.id}`,
    ];
    for (const path of paths) expect((await server.admin.get(path)).status).toBe(404);
    expect((await server.admin.get(`/runs/${run.id}/events`, JSON_PAGE)).status).toBe(404);
    expect((await server.admin.post(`/runs/${run.id}/cancel`)).status).toBe(404);
    expect((await server.admin.send('DELETE', `/strategies/${strategy.id}`)).status).toBe(404);
    const stream = await server.admin.stream(`/runs/${run.id}/events`);
    expect(stream.status).toBe(404);
    await stream.closed;
  });
});
