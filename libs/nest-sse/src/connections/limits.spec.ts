import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { NEVER, Subject, type Observable } from 'rxjs';
import { SseConnections, SseModule, SseOptionsError, SseStream, type SseEvent, type SseOptions } from '../index.js';
import { startStreamApp, type StreamApp } from '../testing/stream-app.js';
import type { SseTestClient } from '../testing/index.js';

const flood = new Subject<SseEvent>();

@Controller()
class FeedController {
  @SseStream('flood')
  flood(): Observable<SseEvent> {
    return flood;
  }

  @SseStream('feed')
  feed(): Observable<SseEvent> {
    return NEVER;
  }
}

describe('limits of connections', () => {
  let streams: StreamApp;
  const start = async (options: SseOptions): Promise<void> => {
    streams = await startStreamApp({
      options: {
        random: () => 0.5,
        identify: ({ headers, socket }) => ({
          address: String(headers['x-address'] ?? socket.remoteAddress),
          ...(typeof headers['x-user'] === 'string' && { user: headers['x-user'] }),
        }),
        ...options,
      },
      controllers: [FeedController],
    });
  };
  afterEach(() => streams.close());

  const open = async (headers: Record<string, string> = {}): Promise<SseTestClient> => {
    const client = await streams.open('/feed', { headers });
    if (client.status === 200) await client.until(({ event }) => /^stream\.(open|close)$/.test(event));
    return client;
  };

  it('refuses a stream beyond those of a user in a way that EventSource survives (trap 7)', async () => {
    await start({ connectionsPerUser: 2 });
    await open({ 'x-user': 'ann' });
    await open({ 'x-user': 'ann' });
    const refused = await open({ 'x-user': 'ann' });
    await refused.ended();
    expect(refused.status).toBe(200);
    expect(refused.headers['content-type']).toBe('text/event-stream');
    expect(refused.headers['cache-control']).toBe('no-store, no-transform');
    expect(refused.retry).toBe(5000);
    expect(refused.frames).toEqual([
      {
        event: 'stream.close',
        lastEventId: '',
        data: { timestamp: expect.any(String), reason: 'limit', retryAfterMs: 5000 },
      },
    ]);
    expect((await open({ 'x-user': 'bob' })).frames[0]?.event).toBe('stream.open');
  });

  it.each(['*/*', 'text/html, */*;q=0.5'])('refuses by a status where %s is accepted', async (accept) => {
    await start({ connectionsPerUser: 1 });
    await open({ 'x-user': 'ann' });
    const refused = await streams.open('/feed', { headers: { 'x-user': 'ann', accept } });
    expect(refused.status).toBe(429);
    expect(refused.headers['retry-after']).toBe('5');
    expect(await refused.json()).toMatchObject({ code: 'connection_limit', retryAfterMs: 5000 });
  });

  it('counts per address whoever is signed in', async () => {
    await start({ connectionsPerAddress: 1 });
    await open({ 'x-address': 'a', 'x-user': 'ann' });
    expect((await open({ 'x-address': 'a', 'x-user': 'bob' })).frames[0]?.data.reason).toBe('limit');
    expect((await open({ 'x-address': 'b' })).frames[0]?.event).toBe('stream.open');
  });

  it('calls a process that is full overloaded', async () => {
    await start({ connectionsTotal: 1 });
    await open();
    expect((await open()).frames[0]?.data.reason).toBe('overloaded');
    expect((await streams.open('/feed', { headers: { accept: '*/*' } })).status).toBe(503);
  });

  it('gives a slot back when its client goes', async () => {
    await start({ connectionsPerUser: 1 });
    const connections = streams.app.get(SseConnections);
    for (let n = 0; n < 4; n += 1) {
      const client = await open({ 'x-user': 'ann' });
      expect(client.frames[0]?.event).toBe('stream.open');
      const closed = new Promise((resolve) => connections.closed.subscribe(resolve));
      await client.close();
      await closed;
    }
  });

  it("closes the user's oldest instead, where that is wished", async () => {
    await start({ connectionsPerUser: 2, onLimit: 'close-oldest' });
    const first = await open({ 'x-user': 'ann' });
    const second = await open({ 'x-user': 'ann' });
    const third = await open({ 'x-user': 'ann' });
    expect((await first.next('stream.close')).data).toEqual({ timestamp: expect.any(String), reason: 'superseded' });
    await first.ended();
    // An EventSource comes back all the same, and would close the next one.
    expect(first.retry).toBeGreaterThan(100_000);
    expect(third.frames[0]?.event).toBe('stream.open');
    expect(second.isClosed).toBe(false);
    await open({ 'x-user': 'ann' });
    await second.ended();
    expect(streams.app.get(SseConnections).list()).toHaveLength(2);
  });

  it('closes the oldest though its client reads nothing, and lets the new one in at once', async () => {
    await start({ connectionsPerUser: 1, onLimit: 'close-oldest' });
    const connections = streams.app.get(SseConnections);
    const stalled = await streams.open('/flood', { headers: { 'x-user': 'ann' } });
    await stalled.next('stream.open');
    stalled.pause();
    const id = connections.list({ user: 'ann' })[0]?.id ?? '';
    while (connections.get(id)?.bytesQueued === 0) {
      flood.next({ event: 'block', data: 'x'.repeat(64 * 1024) });
      await new Promise((resolve) => setImmediate(resolve));
    }
    const over = new Promise((resolve) => connections.closed.subscribe(resolve));
    const startedAt = performance.now();
    expect((await open({ 'x-user': 'ann' })).frames[0]?.event).toBe('stream.open');
    expect(connections.count({ user: 'ann' })).toBe(1);
    expect(await over).toMatchObject({ connection: { id }, reason: 'superseded' });
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });

  it('never lets more in than the limit when many come at once', async () => {
    await start({ connectionsPerUser: 3 });
    const clients = await Promise.all(Array.from({ length: 20 }, () => open({ 'x-user': 'ann' })));
    expect(clients.filter(({ frames }) => frames[0]?.event === 'stream.open')).toHaveLength(3);
  });

  it('jitters each waiting time it tells (trap 15)', async () => {
    let value = 0;
    await start({ connectionsTotal: 1, random: () => (value += 0.1) % 1 });
    await open();
    const waits = [await open(), await open(), await open()].map(
      ({ frames }) => frames[0]?.data.retryAfterMs as number,
    );
    expect(new Set(waits).size).toBe(3);
    for (const wait of waits) expect(wait).toBeGreaterThanOrEqual(2500);
  });
});

describe('options', () => {
  it.each([{ heartbeatIntervalMs: 0 }, { connectionsTotal: Number.NaN }, { retryMs: 1.5 }, { onLimit: 'x' as never }])(
    'refuses %j with a sentence that names the option',
    async (options) => {
      const error = await startStreamApp({ options, controllers: [] }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(SseOptionsError);
      expect((error as Error).message).toContain(Object.keys(options)[0]);
    },
  );

  it('can come from other providers', async () => {
    const module = SseModule.forRootAsync({ useFactory: () => ({ retryMs: 10, random: () => 0.5 }) });
    const streams = await startStreamApp({ module, controllers: [FeedController] });
    const client = await streams.open('/feed');
    await client.next('stream.open');
    expect(client.retry).toBe(10);
    await streams.close();
  });
});
