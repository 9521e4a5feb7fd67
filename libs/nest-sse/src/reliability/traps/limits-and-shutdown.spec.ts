import { Agent, get } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { SseConnections, type SseOptions } from '../../index.js';
import { SseTestClient, TestClock } from '../../testing/index.js';
import type { StreamApp } from '../../testing/stream-app.js';
import { eventually } from '../testing/eventually.js';
import { Rights, startGuardedApp } from '../testing/guarded-app.js';

describe('limits and shutdown', () => {
  const clock = new TestClock();
  let streams: StreamApp;
  let connections: SseConnections;
  let rights: Rights;
  const start = async (options: SseOptions = {}): Promise<void> => {
    streams = await startGuardedApp({ clock, ...options });
    connections = streams.app.get(SseConnections);
    rights = streams.app.get(Rights);
  };
  afterEach(() => streams.close());

  const open = async (path = '/feed', headers: Record<string, string> = {}): Promise<SseTestClient> => {
    const client = await streams.open(path, { headers });
    if (client.status === 200) await client.until(({ event }) => /^stream\.(open|close)$/.test(event));
    return client;
  };

  it('trap 7: never answers an EventSource with what it takes for final, but with 204 where it is final', async () => {
    await start({ connectionsPerUser: 1, connectionsTotal: 2 });
    rights.sessions.set('s', 'ann');
    await open('/feed', { 'x-session': 's' });
    const limited = await open('/feed', { 'x-session': 's' });
    await open();
    const overloaded = await open();
    rights.requestsLeft = 0;
    const throttled = await open();
    let drained: SseTestClient | undefined;
    rights.whileDraining = async () => {
      drained = await SseTestClient.open(streams.server, '/feed', { lastEventId: 'any' });
      await drained.ended();
    };
    rights.requestsLeft = 1;
    const lastEventId = await rights.endedLog.append([{ event: 'tick', data: {} }]);
    rights.endedLog.end();
    const final = await streams.open('/ended', { lastEventId });
    expect([final.status, await final.body()]).toEqual([204, '']);
    await streams.app.close();
    const refusals = [limited, overloaded, throttled, drained!];
    expect(refusals.map(({ frames }) => frames.map(({ data }) => data.reason as string))).toEqual([
      ['limit'],
      ['overloaded'],
      ['limit'],
      ['drain'],
    ]);
    for (const refusal of refusals) {
      await refusal.ended();
      expect([refusal.status, refusal.headers['content-type']]).toEqual([200, 'text/event-stream']);
      expect(refusal.retry).toBe(refusal.frames[0]?.data.retryAfterMs);
      expect(refusal.retry).toBeGreaterThan(0);
    }
  });

  it('trap 8: limits the streams that are open, whatever the number of reconnects', async () => {
    await start({ connectionsPerUser: 1 });
    rights.sessions.set('s', 'ann');
    rights.requestsLeft = 2;
    let client = await open('/feed', { 'x-session': 's' });
    for (let n = 0; n < 20; n += 1) {
      await client.close();
      await eventually(() => connections.list().length === 0, 'the slot');
      client = await client.reconnect({ lastEventId: `${n}` });
      expect((await client.next('stream.open')).data.resumedFrom).toBe(String(n));
    }
    expect((await open('/feed', { 'x-session': 's' })).frames[0]?.data).toMatchObject({ reason: 'limit' });
    await client.close();
  });

  it('trap 9: gives back the slot of whatever is refused behind the taking of it', async () => {
    await start({ connectionsTotal: 1 });
    const refused: [string, number][] = [
      ['by-guard-above', 403],
      ['by-guard-below', 403],
      ['by-pipe/x', 400],
      ['by-handler', 404],
      ['by-async-handler', 404],
    ];
    for (const [how, status] of refused) {
      for (let n = 0; n < 3; n += 1) expect((await streams.open(`/refused/${how}`)).status).toBe(status);
      const client = await open();
      expect(client.frames[0]?.event).toBe('stream.open');
      await client.close();
      await eventually(() => connections.list().length === 0, 'the slot');
    }
  });

  it('trap 14: keeps one timer for all streams, and none when there are none', async () => {
    let timers = 0;
    const counting = {
      now: () => clock.now(),
      schedule: (callback: () => void, delayMs: number) => {
        timers += 1;
        const done = () => (timers -= 1);
        const cancel = clock.schedule(() => (done(), callback()), delayMs);
        return () => (done(), cancel());
      },
    };
    await start({ clock: counting });
    const clients = await Promise.all(Array.from({ length: 30 }, () => open()));
    expect(timers).toBe(1);
    clock.advance(16_000);
    for (const client of clients) await client.next('stream.heartbeat');
    expect(timers).toBe(1);
    await Promise.all(clients.map((client) => client.close()));
    await eventually(() => connections.list().length === 0, 'the end of all');
    clock.advance(1000);
    expect(timers).toBe(0);
  });

  it('trap 15: spreads reconnects, lifetimes and waiting times, so that no herd forms', async () => {
    await start({ retryMs: 1000, maxLifetimeMs: 100_000, connectionsTotal: 12, heartbeatIntervalMs: 1_000_000 });
    const clients = await Promise.all(Array.from({ length: 12 }, () => open()));
    const within = (value: number | undefined, base: number, ratio: number): boolean =>
      value !== undefined && value >= base * (1 - ratio) && value <= base * (1 + ratio);
    const retries = clients.map(({ retry }) => retry);
    expect(retries.every((retry) => within(retry, 1000, 0.5))).toBe(true);
    expect(new Set(retries).size).toBeGreaterThan(6);
    const waits = (await Promise.all(Array.from({ length: 12 }, () => open()))).map(({ retry }) => retry);
    expect(waits.every((wait) => within(wait, 5000, 0.5))).toBe(true);
    expect(new Set(waits).size).toBeGreaterThan(6);

    const endedAt: number[] = [];
    const openedAt = clock.now();
    connections.closed.subscribe(() => endedAt.push(clock.now() - openedAt));
    for (let atMs = 0; atMs < 125_000; atMs += 500) {
      const before = connections.list().length;
      clock.advance(500);
      const closing = before - connections.list().length;
      await eventually(() => endedAt.length === 12 - connections.list().length, `the end of ${closing}`);
    }
    expect(endedAt.filter((after) => within(after, 100_000, 0.21))).toHaveLength(12);
    expect(new Set(endedAt).size).toBeGreaterThan(6);
  });

  it('trap 16: closes the sockets of drained streams, and those kept alive, so that the server can stop', async () => {
    await start();
    const agent = new Agent({ keepAlive: true });
    const received: string[] = [];
    const { port } = streams.server.address() as AddressInfo;
    const ask = (path: string): Promise<Socket> =>
      new Promise((resolve, reject) => {
        const headers = { accept: 'text/event-stream' };
        const outgoing = get({ agent, port, host: '127.0.0.1', path, headers }, (response) => {
          const { socket } = response;
          if (path === '/plain') response.resume().once('end', () => resolve(socket));
          else response.on('data', (chunk: Buffer) => (received.push(chunk.toString()), resolve(socket)));
        });
        outgoing.once('error', reject);
      });
    const isGone = (socket: Socket): Promise<void> => new Promise((resolve) => socket.once('close', () => resolve()));
    const idle = isGone(await ask('/plain'));
    const drained = [isGone(await ask('/feed')), isGone(await ask('/feed'))];
    // Before the server itself closes, which would cut what is idle: an HTTP client keeps an open socket for the next
    // request, and comes back to the node that drains.
    let late: Socket | undefined;
    rights.whileDraining = async () => {
      await Promise.all(drained);
      late = await ask('/feed');
      await isGone(late);
    };
    const startedAt = performance.now();
    await Promise.all([streams.app.close(), idle]);
    expect(performance.now() - startedAt).toBeLessThan(1000);
    expect(late?.destroyed).toBe(true);
    expect(received.join('').match(/"reason":"\w+"/g)).toEqual(Array(3).fill('"reason":"drain"'));
    agent.destroy();
  });

  it('trap 17: ends what a session sees when it ends, and lets nobody back as a guest', async () => {
    await start({ maxLifetimeMs: 10_000 });
    rights.sessions.set('s', 'ann').set('t', 'bob');
    const ann = await open('/feed', { 'x-session': 's' });
    const bob = await open('/feed', { 'x-session': 't' });
    expect(connections.list().map(({ user }) => user)).toEqual(['ann', 'bob']);
    rights.sessions.clear();
    expect(connections.closeWhere(({ session }) => session === 's', 'revoked')).toBe(1);
    expect((await ann.next('stream.close')).data).toEqual({ timestamp: expect.any(String), reason: 'revoked' });
    await ann.ended();
    expect((await ann.reconnect()).status).toBe(401);
    // Where nobody tells of the end of rights, the end of a lifetime has them looked at again.
    clock.advance(12_500);
    expect((await bob.next('stream.close')).data.reason).toBe('lifetime');
    await bob.ended();
    expect((await bob.reconnect({ lastEventId: 'x' })).status).toBe(401);
    expect(connections.list()).toEqual([]);
  });
});
