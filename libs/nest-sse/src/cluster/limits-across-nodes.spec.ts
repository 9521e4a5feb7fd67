import { AsyncLocalStorage } from 'node:async_hooks';
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Controller, Logger, NotFoundException, Param, ParseIntPipe } from '@nestjs/common';
import { NEVER, Subject, type Observable } from 'rxjs';
import { SseConnections, SseStream, type ConnectionLeases, type SseEvent, type SseOptions } from '../index.js';
import { MemoryLeaseStore, TestClock, type SseTestClient } from '../testing/index.js';
import { startStreamApp, type StreamApp } from '../testing/stream-app.js';

let source: Subject<SseEvent>;

@Controller()
class FeedController {
  @SseStream('feed')
  feed(): Observable<SseEvent> {
    return NEVER;
  }

  @SseStream('source')
  source(): Observable<SseEvent> {
    return source;
  }

  @SseStream('broken')
  broken(): Observable<SseEvent> {
    throw new NotFoundException();
  }

  @SseStream('numbers/:id')
  number(@Param('id', ParseIntPipe) _id: number): Observable<SseEvent> {
    return NEVER;
  }
}

/** Resolves when the condition holds, looking at it again each millisecond. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let n = 0; !(await condition()); n += 1) {
    if (n > 5000) throw new Error('It did not come to that within 5 s.');
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

describe('limits across processes', () => {
  let store: MemoryLeaseStore;
  let nodes: StreamApp[];
  let failures: string[];

  const start = async (options: SseOptions = {}, leases: ConnectionLeases = store.node()): Promise<StreamApp> => {
    const node = await startStreamApp({
      options: {
        connectionsPerUser: 1,
        leases,
        metrics: { failed: ({ code }) => void failures.push(code) },
        identify: ({ headers }) => ({
          address: String(headers['x-address'] ?? 'a'),
          ...(headers['x-user'] !== undefined && { user: String(headers['x-user']) }),
        }),
        ...options,
      },
      controllers: [FeedController],
    });
    nodes.push(node);
    return node;
  };
  const ann = { 'x-user': 'ann' };
  const open = async (
    node: StreamApp,
    path = '/feed',
    headers: Record<string, string> = ann,
  ): Promise<SseTestClient> => {
    const client = await node.open(path, { headers });
    if (client.status === 200) await client.until(({ event }) => /^stream\.(open|close)$/.test(event));
    return client;
  };
  const firstOf = ({ frames }: SseTestClient): string => frames[0]?.event ?? 'nothing';
  /** Whether another process could open one for the user now; gives it back at once. */
  const isFree = async (user = 'ann'): Promise<boolean> => {
    const probe = store.node();
    const limits = { user: 1, address: Number.MAX_SAFE_INTEGER, total: Number.MAX_SAFE_INTEGER };
    const outcome = await probe.acquire({ id: 'probe', user, address: 'p', limits, onLimit: 'reject' });
    await probe.release(['probe']);
    return outcome.isGranted;
  };

  beforeEach(() => {
    store = new MemoryLeaseStore();
    nodes = [];
    failures = [];
    source = new Subject();
  });
  afterEach(async () => {
    await Promise.all(nodes.map((node) => node.close()));
    jest.restoreAllMocks();
  });

  it('refuses what another process would break the limit with, in a way that EventSource survives', async () => {
    const [one, two] = [await start(), await start()];
    const first = await open(one);
    const refused = await open(two);
    expect(refused.frames).toMatchObject([{ event: 'stream.close', data: { reason: 'limit' } }]);
    expect((await two.open('/feed', { headers: { ...ann, accept: '*/*' } })).status).toBe(429);
    expect(firstOf(await open(two, '/feed', { 'x-user': 'bob' }))).toBe('stream.open');
    await first.close();
    await until(() => isFree());
    expect(firstOf(await open(two))).toBe('stream.open');
  });

  it('bounds all processes together beside each one', async () => {
    const options = { connectionsPerUser: 9, connectionsTotal: 2, connectionsInCluster: 3 };
    const [one, two] = [await start(options), await start(options)];
    const opened = [await open(one), await open(one), await open(one), await open(two), await open(two)];
    expect(opened.map(firstOf)).toEqual(['open', 'open', 'close', 'open', 'close'].map((event) => `stream.${event}`));
    expect(opened[4]?.frames[0]?.data.reason).toBe('overloaded');
  });

  it('lets exactly as many in as the limit when many come to both at once', async () => {
    const options = { connectionsPerUser: 3 };
    const both = [await start(options), await start(options)];
    const clients = await Promise.all(Array.from({ length: 24 }, (_, n) => open(both[n % 2] as StreamApp)));
    expect(clients.map(firstOf).filter((event) => event === 'stream.open')).toHaveLength(3);
  });

  it("closes the user's oldest in another process, at once where changes are hinted at", async () => {
    const options: SseOptions = { onLimit: 'close-oldest', clock: new TestClock() };
    const [one, two] = [await start(options), await start(options)];
    const first = await open(one);
    expect(firstOf(await open(two))).toBe('stream.open');
    expect((await first.next('stream.close')).data.reason).toBe('superseded');
    await first.ended();
  });

  it('closes it at once in its own process', async () => {
    const { changes: _, ...unhinted } = store.node();
    const node = await start({ onLimit: 'close-oldest', clock: new TestClock() }, unhinted);
    const first = await open(node);
    expect(firstOf(await open(node))).toBe('stream.open');
    expect((await first.next('stream.close')).data.reason).toBe('superseded');
  });

  it('closes it within a second where nothing is hinted at', async () => {
    const { changes: _, ...unhinted } = store.node();
    const one = await start({ onLimit: 'close-oldest', random: () => 1 - 2 ** -53 }, unhinted);
    const two = await start({ onLimit: 'close-oldest' });
    const first = await open(one);
    await open(two);
    const startedAt = performance.now();
    expect((await first.next('stream.close')).data.reason).toBe('superseded');
    expect(performance.now() - startedAt).toBeLessThan(1100);
  });

  it('closes it though its client reads nothing, and counts it no more', async () => {
    const options: SseOptions = { onLimit: 'close-oldest' };
    const [one, two] = [await start(options), await start(options)];
    const stalled = await open(one, '/source');
    stalled.pause();
    for (let n = 0; n < 200; n += 1) source.next({ event: 'block', data: 'x'.repeat(64 * 1024) });
    await open(two);
    await until(() => !source.observed && one.app.get(SseConnections).count() === 0);
    expect(firstOf(await open(one))).toBe('stream.open');
  });

  it('gives back what a pipe or the handler refuses (trap 9)', async () => {
    const node = await start();
    for (let n = 0; n < 3; n += 1) {
      expect((await node.open('/broken', { headers: ann })).status).toBe(404);
      await until(() => isFree());
      expect((await node.open('/numbers/x', { headers: ann })).status).toBe(400);
      await until(() => isFree());
    }
    expect(firstOf(await open(node))).toBe('stream.open');
  });

  it('gives back the slot of a client that went while it was asked for', async () => {
    let answer: () => void = () => undefined;
    let isAsked = false;
    const leases = store.node();
    const slow: ConnectionLeases = {
      ...leases,
      acquire: async (request) => {
        const outcome = await leases.acquire(request);
        isAsked = true;
        await new Promise<void>((resolve) => (answer = resolve));
        return outcome;
      },
    };
    const node = await start({ clock: new TestClock() }, slow);
    const isGone = new Promise((resolve) => {
      node.server.once('request', (_request, response: ServerResponse) => response.once('close', resolve));
    });
    await expect(node.open('/feed', { headers: ann, timeoutMs: 100 })).rejects.toThrow('sent no headers');
    await isGone;
    expect(isAsked).toBe(true);
    expect(await isFree()).toBe(false);
    answer();
    await until(() => isFree());
    expect(failures).toEqual([]);
  });

  it('opens a stream that follows another of the same client, whose slot is still on its way back', async () => {
    const leases = store.node();
    const slow: ConnectionLeases = {
      ...leases,
      release: async (ids) => {
        await new Promise((resolve) => setTimeout(resolve, 40));
        await leases.release(ids);
      },
    };
    const node = await start({}, slow);
    const closed = node.app.get(SseConnections).closed;
    for (let n = 0; n < 3; n += 1) {
      const client = await open(node);
      expect(firstOf(client)).toBe('stream.open');
      const isOver = new Promise((resolve) => closed.subscribe(resolve));
      await client.close();
      await isOver;
    }
  });

  it("renews and gives back in no request's async context, though a request was the first cause", async () => {
    const context = new AsyncLocalStorage<string>();
    const seen = new Map<string, unknown>();
    const leases = store.node();
    const note = (name: string): void => void seen.set(name, context.getStore());
    const watched: ConnectionLeases = {
      ...leases,
      acquire: (request) => (note('acquire'), leases.acquire(request)),
      renew: () => (note('renew'), leases.renew()),
      release: (ids) => (note('release'), leases.release(ids)),
    };
    const clock = new TestClock();
    const node = await start({ clock }, watched);
    node.server.prependListener('request', () => context.enterWith('a request'));
    const client = await open(node);
    clock.advance(10_000);
    await client.close();
    await until(() => seen.has('release'));
    expect(Object.fromEntries(seen)).toEqual({ acquire: 'a request', renew: undefined, release: undefined });
  });

  it('gives all slots back at a shutdown, in few calls', async () => {
    const leases = store.node();
    const released: number[] = [];
    const counted: ConnectionLeases = {
      ...leases,
      release: async (ids) => {
        released.push(ids.length);
        await new Promise((resolve) => setTimeout(resolve, 20));
        await leases.release(ids);
      },
    };
    const node = await start({ connectionsPerUser: 60, connectionsPerAddress: 60 }, counted);
    await Promise.all(Array.from({ length: 50 }, () => open(node)));
    await node.app.close();
    expect(await isFree()).toBe(true);
    expect(released.reduce((sum, count) => sum + count, 0)).toBe(50);
    expect(released.length).toBeLessThan(20);
  });

  describe('while the shared state is away', () => {
    let isDown: boolean;
    const fragile = (leases: ConnectionLeases): ConnectionLeases => {
      const through = <T>(call: () => Promise<T> | T): Promise<T> =>
        isDown ? Promise.reject(new Error('The database is away.')) : Promise.resolve(call());
      return {
        ttlMs: leases.ttlMs,
        acquire: (request) => through(() => leases.acquire(request)),
        renew: () => through(() => leases.renew()),
        restore: (held) => through(() => leases.restore(held)),
        release: (ids) => through(() => leases.release(ids)),
      };
    };
    beforeEach(() => {
      isDown = true;
      jest.spyOn(Logger.prototype, 'log').mockImplementation(() => undefined);
    });

    it("serves streams by the process's own limits, says so once, and counts them when it is back", async () => {
      const logged = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
      const node = await start({ connectionsPerUser: 2 }, fragile(store.node()));
      expect([await open(node), await open(node), await open(node)].map(firstOf)).toEqual([
        'stream.open',
        'stream.open',
        'stream.close',
      ]);
      expect(await isFree()).toBe(true);
      expect(failures).toContain('leases_failed');
      isDown = false;
      await until(async () => !(await isFree()));
      expect(logged).toHaveBeenCalledTimes(1);
    });

    it("closes the user's oldest of this process", async () => {
      jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
      const node = await start({ onLimit: 'close-oldest' }, fragile(store.node()));
      const first = await open(node);
      const second = await open(node);
      expect((await first.next('stream.close')).data.reason).toBe('superseded');
      expect(firstOf(second)).toBe('stream.open');
      expect(node.app.get(SseConnections).count({ user: 'ann' })).toBe(1);
    });

    it('gives slots back when it is back, whose streams ended meanwhile', async () => {
      jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
      isDown = false;
      const node = await start({}, fragile(store.node()));
      const client = await open(node);
      isDown = true;
      await client.close();
      await until(() => failures.length > 0);
      expect(await isFree()).toBe(false);
      isDown = false;
      await until(() => isFree());
    });

    it('does not wait for an answer that does not come, and heeds it when it does', async () => {
      jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
      const clock = new TestClock();
      const leases = store.node();
      const answers: (() => void)[] = [];
      const hanging: ConnectionLeases = {
        ...leases,
        acquire: async (request) => {
          await new Promise<void>((resolve) => answers.push(resolve));
          return leases.acquire(request);
        },
      };
      const node = await start({ clock }, hanging);
      const asked = node.open('/feed', { headers: ann });
      await until(() => answers.length === 1);
      clock.advance(600);
      const client = await asked;
      await client.next('stream.open');
      await client.close();
      await until(() => node.app.get(SseConnections).count() === 0);
      // Away until a renewal succeeds: for the next, nobody is asked.
      expect(firstOf(await open(node))).toBe('stream.open');
      expect(answers).toHaveLength(1);
      expect(await isFree()).toBe(true);
      answers[0]?.();
      clock.advance(3000);
      await until(async () => !(await isFree()));
    });

    it('restores what is held where all was lost', async () => {
      isDown = false;
      const node = await start({}, fragile(store.node()));
      await open(node);
      store.clear();
      expect(await isFree()).toBe(true);
      await until(async () => !(await isFree()));
      expect(failures).toEqual([]);
    });
  });
});
