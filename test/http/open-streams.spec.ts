import { afterEach, describe, expect, it } from '@jest/globals';
import { closeTestDatabases } from '@throughline/nest-runs/testing';
import { SseTestClient } from '@throughline/nest-sse/testing';
import type { Page } from '@throughline/strategy-contract';
import { afterAll } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/test-app.js';

const TIMEOUT_MS = 60_000;

let server: TestApp;

afterEach(() => server?.close());
afterAll(closeTestDatabases);

describe('open streams', () => {
  it(
    'are limited per user, in a way that an EventSource survives',
    async () => {
      server = await startTestApp('pglite', { config: { connectionsPerUser: 2 } });
      const user = await server.addMember('a@example.org');
      const open = [await user.stream('/events'), await user.stream('/events')];
      for (const stream of open) await stream.next('stream.open');
      const third = await user.stream('/events');
      expect(third.status).toBe(200);
      const close = await third.next('stream.close');
      expect(close.data).toMatchObject({ reason: 'limit', retryAfterMs: expect.any(Number) });
      await third.closed;
      expect(third.frames.map(({ event }) => event)).toEqual(['stream.close']);
      const plain = await user.stream('/events', { headers: { accept: '*/*' } });
      expect(plain.status).toBe(429);
      expect(plain.headers['retry-after']).toBeDefined();
      await plain.closed;
      await open[0]!.close();
      const page = await user.get('/events', { accept: 'application/json' });
      expect(page.status).toBe(200);
      await open[1]!.close();
    },
    TIMEOUT_MS,
  );

  it(
    'end as revoked within a second when their session signs out, and no others do',
    async () => {
      server = await startTestApp('pglite');
      const user = await server.addMember('b@example.org');
      const other = await server.addMember('c@example.org');
      const stream = await user.stream('/events');
      const bystander = await other.stream('/events');
      await stream.next('stream.open');
      await bystander.next('stream.open');
      const asked = Date.now();
      expect((await user.send('DELETE', '/session')).status).toBe(204);
      const close = await stream.next('stream.close');
      expect(close.data).toMatchObject({ reason: 'revoked' });
      expect(Date.now() - asked).toBeLessThan(1000);
      expect(bystander.isClosed).toBe(false);
      await bystander.close();
      const again = await user.stream('/events');
      expect(again.status).toBe(401);
      await again.closed;
    },
    TIMEOUT_MS,
  );

  it(
    'open with a one-use ticket instead of the cookie, from an allowed origin',
    async () => {
      server = await startTestApp('pglite', { config: { allowedOrigins: ['https://app.example'] } });
      const { body } = await server.admin.post<{ ticket: string }>('/stream-tickets');
      const open = () =>
        SseTestClient.open(server.url, `/api/v1/events?ticket=${body.ticket}`, {
          headers: { origin: 'https://app.example' },
        });
      const first = await open();
      expect(first.status).toBe(200);
      expect(first.headers['access-control-allow-origin']).toBe('https://app.example');
      expect(first.headers).not.toHaveProperty('access-control-allow-credentials');
      await first.close();
      const second = await open();
      expect(second.status).toBe(401);
      await second.closed;
      const elsewhere = await fetch(`${server.url}/api/v1/strategies`, { headers: { origin: 'https://app.example' } });
      expect(elsewhere.headers.has('access-control-allow-origin')).toBe(false);
    },
    TIMEOUT_MS,
  );

  it(
    'are listed for admins, who may close one',
    async () => {
      server = await startTestApp('pglite');
      const user = await server.addMember('d@example.org');
      const stream = await user.stream('/events');
      await stream.next('stream.open');
      expect((await user.get('/operations/connections')).status).toBe(403);
      const { body } = await server.admin.get<Page<{ id: string; user: string }>>('/operations/connections');
      expect(body.items).toEqual([expect.objectContaining({ channels: expect.any(Array), bytesQueued: 0 })]);
      expect((await server.admin.send('DELETE', `/operations/connections/${body.items[0]!.id}`)).status).toBe(204);
      expect((await stream.next('stream.close')).data).toMatchObject({ reason: 'revoked' });
      await stream.closed;
    },
    TIMEOUT_MS,
  );

  it(
    'do not count against the request limit when they reconnect with a cursor',
    async () => {
      server = await startTestApp('pglite', { config: { requestsPerMinute: 5 } });
      const user = await server.addMember('e@example.org');
      for (let turn = 0; turn < 10; turn += 1) {
        const stream = await user.stream('/events', { lastEventId: '3' });
        expect(stream.status).toBe(200);
        await stream.close();
      }
      const statuses = [];
      for (let turn = 0; turn < 6; turn += 1) statuses.push((await user.get('/strategies')).status);
      expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
      const disguised = { accept: 'text/event-stream', 'last-event-id': '3' };
      expect((await user.get('/strategies', disguised)).status).toBe(429);
      expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
      const refused = await user.stream('/events');
      expect(refused.status).toBe(200);
      expect((await refused.next('stream.close')).data).toMatchObject({ reason: 'limit' });
      await refused.closed;
    },
    TIMEOUT_MS,
  );
});
