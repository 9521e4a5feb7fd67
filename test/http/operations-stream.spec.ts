import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { closeTestDatabases } from '@throughline/nest-runs/testing';
import type { SseTestClient } from '@throughline/nest-sse/testing';
import type { EventPage } from '@throughline/sse-protocol';
import { startTestApp, type TestApp } from '../support/test-app.js';

const PATH = '/operations/connections';
const EVENTS = `${PATH}/events`;
const JSON_PAGE = { accept: 'application/json' };

interface Connection {
  id: string;
  channels: string[];
  cursor: string;
}

interface Changes {
  opened: Connection[];
  closed: { id: string; reason: string }[];
  changed: Connection[];
}

let server: TestApp;

beforeEach(async () => {
  server = await startTestApp('pglite');
}, 60_000);
afterEach(() => server?.close());
afterAll(closeTestDatabases);

const list = async () => (await server.admin.get<{ items: Connection[]; cursor: string }>(PATH)).body;

/** Reads changes until they tell what is looked for. */
async function find<T>(stream: SseTestClient, pick: (changes: Changes) => T | undefined): Promise<T> {
  for (;;) {
    const found = pick((await stream.next('connections')).data as unknown as Changes);
    if (found !== undefined) return found;
  }
}

describe('the stream of open streams', () => {
  it('goes on from the list: tells which streams open, how far they come and why they close', async () => {
    const { cursor, items } = await list();
    expect(items).toEqual([]);
    const watch = await server.admin.stream(EVENTS, { lastEventId: cursor });
    await watch.next('stream.open');

    const user = await server.addMember('a@example.org');
    const strategyId = await user.addSample();
    const stream = await user.stream('/events');
    const feed = await find(watch, ({ opened }) => opened.find(({ channels }) => channels[0] !== 'connections'));
    await user.startRun(strategyId);
    await stream.next('status');
    const moved = await find(watch, ({ changed }) => changed.find(({ id }) => id === feed.id));
    expect(Number(moved.cursor)).toBeGreaterThan(Number(feed.cursor));

    expect((await server.admin.send('DELETE', `${PATH}/${feed.id}`)).status).toBe(204);
    await stream.closed;
    expect(await find(watch, ({ closed }) => closed.find(({ id }) => id === feed.id))).toEqual({
      id: feed.id,
      reason: 'revoked',
    });
    expect((await list()).items.map(({ channels }) => channels)).toEqual([['connections']]);
    await watch.close();
  }, 60_000);

  it('resumes: what happened while nobody watched comes after the last id, once', async () => {
    const first = await server.admin.stream(EVENTS, { lastEventId: (await list()).cursor });
    await find(first, ({ opened }) => opened[0]);
    const { lastEventId } = first;
    await first.close();
    const user = await server.addMember('b@example.org');
    const missed = await user.stream('/events');
    await missed.next('stream.open');
    const again = await server.admin.stream(EVENTS, { lastEventId });
    await find(again, ({ opened }) => opened.find(({ channels }) => channels.every((name) => name !== 'connections')));
    const ids = again.frames.flatMap(({ id, event }) => (event === 'connections' ? [id] : []));
    expect(ids).not.toContain(lastEventId);
    expect(new Set(ids).size).toBe(ids.length);
    await missed.close();
    await again.close();
  }, 60_000);

  it('gives the same as pages, and for a cursor of another life a gap with the list as its snapshot', async () => {
    const user = await server.addMember('c@example.org');
    const stream = await user.stream('/events');
    await stream.next('stream.open');
    const watch = await server.admin.stream(EVENTS);
    await find(watch, ({ opened }) => opened[0]);
    const { body } = await server.admin.get<EventPage>(EVENTS, JSON_PAGE);
    const streamed = watch.frames.filter(({ event }) => event === 'connections');
    expect(body.events.slice(0, streamed.length)).toEqual(streamed.map(({ event, id, data }) => ({ event, id, data })));
    const { body: strange } = await server.admin.get<EventPage>(`${EVENTS}?after=earlier-7`, JSON_PAGE);
    expect(strange.gap).toMatchObject({ reason: 'epoch', snapshot: '/api/v1/operations/connections' });
    expect((await server.admin.get(`${EVENTS}?after=x`, JSON_PAGE)).status).toBe(400);
    await watch.close();
    await stream.close();
  }, 60_000);

  it('is for admins only, and ends with their session', async () => {
    const member = await server.addMember('d@example.org');
    for (const accept of ['text/event-stream', 'application/json']) {
      const { status, body } = await member.get(EVENTS, { accept });
      expect([status, body.code]).toEqual([403, 'forbidden']);
    }
    const refused = await member.stream(EVENTS);
    expect(refused.status).toBe(403);
    await refused.closed;
    expect((await fetch(`${server.url}/api/v1${EVENTS}`)).status).toBe(401);
    const { body } = await member.post<{ ticket: string }>('/stream-tickets');
    expect((await fetch(`${server.url}/api/v1${EVENTS}?ticket=${body.ticket}`)).status).toBe(403);

    const watch = await server.admin.stream(EVENTS);
    await watch.next('stream.open');
    expect((await server.admin.send('DELETE', '/session')).status).toBe(204);
    expect((await watch.next('stream.close')).data).toMatchObject({ reason: 'revoked' });
    await watch.closed;
  }, 60_000);

  it('is described in the OpenAPI document, with the shape of its event', async () => {
    const { paths } = (await (await fetch(`${server.url}/api/openapi.json`)).json()) as {
      paths: Record<string, { get: { responses: Record<string, { content: Record<string, unknown> }> } }>;
    };
    const { content } = paths[`/api/v1${EVENTS}`]!.get.responses['200']!;
    expect(Object.keys(content).sort()).toEqual(['application/json', 'text/event-stream']);
    expect(JSON.stringify(content['text/event-stream'])).toContain('bytesQueued');
  });
});
