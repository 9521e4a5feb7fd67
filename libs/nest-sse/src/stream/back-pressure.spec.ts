import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Injectable } from '@nestjs/common';
import { Subject, type Observable } from 'rxjs';
import {
  MemoryEventLog,
  SseConnections,
  SseLog,
  SseStream,
  type EventLog,
  type SseEvent,
  type SseMetrics,
  type SseSource,
} from '../index.js';
import { TestClock, type SseTestClient } from '../testing/index.js';
import { startStreamApp, type StreamApp } from '../testing/stream-app.js';

const KIB = 1024;
const block = (n: number) => ({ event: 'block', data: { n, text: 'x'.repeat(64 * KIB) } });

let log: MemoryEventLog;
let source: Subject<SseEvent>;

@Injectable()
class OneLog implements SseSource {
  open(): EventLog {
    return log;
  }
}

@Controller()
class BlocksController {
  @SseStream('log', { source: OneLog })
  log(@SseLog() opened: EventLog): EventLog {
    return opened;
  }

  @SseStream('prices', { latestBy: ({ data }) => (data as { symbol: string }).symbol })
  prices(): Observable<SseEvent> {
    return source;
  }

  @SseStream('source')
  source(): Observable<SseEvent> {
    return source;
  }
}

/** Resolves when `condition` holds; looks after each turn of the event loop. */
async function eventually(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

describe('a client that reads slowly', () => {
  const clock = new TestClock();
  let streams: StreamApp;
  let connections: SseConnections;
  let slow: number;
  const ends: string[] = [];
  const metrics: SseMetrics = {
    connectionSlowed: () => (slow += 1),
    connectionCaughtUp: () => (slow -= 1),
    connectionClosed: ({ reason }) => ends.push(reason),
  };

  beforeEach(async () => {
    slow = 0;
    ends.length = 0;
    log = new MemoryEventLog({ epoch: 'e', maxMessages: 10_000, maxBytes: 64 * KIB * KIB });
    source = new Subject();
    streams = await startStreamApp({
      options: { clock, metrics, stallTimeoutMs: 30_000, maxQueuedBytes: 256 * KIB },
      controllers: [BlocksController],
      providers: [OneLog],
    });
    connections = streams.app.get(SseConnections);
  });
  afterEach(() => streams.close());

  const openPaused = async (path: string): Promise<SseTestClient> => {
    const client = await streams.open(path);
    await client.next('stream.open');
    client.pause();
    return client;
  };

  it('costs no memory on a log, and reads everything later: the log is the queue (trap 4)', async () => {
    const client = await openPaused('/log');
    for (let n = 1; n <= 400; n += 1) await log.append([block(n)]);
    await eventually(() => slow === 1);
    expect(connections.list()[0]?.bytesQueued).toBeLessThan(200 * KIB);
    client.resume();
    await client.until(({ data }) => data.n === 400);
    const seen = client.frames.filter(({ event }) => event === 'block').map(({ data }) => data.n as number);
    expect(seen).toEqual(Array.from({ length: 400 }, (_, index) => index + 1));
    expect(slow).toBe(0);
    expect(ends).toEqual([]);
  });

  it('does not hold up the others', async () => {
    await openPaused('/log');
    const other = await streams.open('/log');
    for (let n = 1; n <= 200; n += 1) await log.append([block(n)]);
    expect(await other.take(200)).toHaveLength(200);
  });

  it('is closed as slow on an Observable when more bytes wait than the bound (trap 11)', async () => {
    const client = await openPaused('/source');
    let sent = 0;
    while (source.observed && sent < 1000) {
      source.next(block((sent += 1)));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(source.observed).toBe(false);
    client.resume();
    await client.ended();
    const blocks = client.frames.filter(({ event }) => event === 'block').map(({ data }) => data.n as number);
    expect(blocks).toEqual(Array.from({ length: blocks.length }, (_, index) => index + 1));
    expect(sent - blocks.length).toBeLessThanOrEqual(256 / 64);
    expect(client.frames.at(-1)).toMatchObject({ event: 'stream.close', data: { reason: 'slow' } });
  });

  it('is shown with all that waits for it', async () => {
    await openPaused('/source');
    for (let n = 1; (connections.list()[0]?.bytesQueued ?? Infinity) < 150 * KIB && n < 1000; n += 1) {
      source.next(block(n));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const before = connections.list()[0]?.bytesQueued ?? 0;
    source.next({ event: 'block', data: { text: 'x'.repeat(10 * KIB) } });
    expect((connections.list()[0]?.bytesQueued ?? 0) - before).toBeGreaterThanOrEqual(10 * KIB);
  });

  it('that keeps up is not taken for slow, however much comes within the window', async () => {
    const client = await streams.open('/source');
    await client.next('stream.open');
    for (let n = 1; n <= 100; n += 1) {
      source.next({ event: 'block', data: { n, text: 'x'.repeat(16 * KIB) } });
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await client.take(100, 'block')).map(({ data }) => data.n)).toEqual(
      Array.from({ length: 100 }, (_, index) => index + 1),
    );
  });

  it('gets only the newest snapshot of each key where the route says so, and is not closed', async () => {
    const client = await openPaused('/prices');
    const text = 'x'.repeat(16 * KIB);
    for (let n = 1; n <= 900; n += 1) {
      source.next({ event: 'price', data: { symbol: 'ABC'[n % 3], n, text } });
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(connections.list()[0]?.bytesQueued).toBeLessThan(256 * KIB);
    client.resume();
    const received = (await client.until(({ data }) => data.n === 900)).filter(({ event }) => event === 'price');
    expect(received.slice(-3).map(({ data }) => data.n)).toEqual([898, 899, 900]);
    expect(received.length).toBeLessThan(900);
    expect(source.observed).toBe(true);
  });

  it('may burst beyond one socket buffer without being cut (trap 10)', async () => {
    const client = await streams.open('/source');
    await client.next('stream.open');
    for (let n = 1; n <= 3; n += 1) source.next(block(n));
    await client.take(3, 'block');
    await eventually(() => slow === 0);
    source.next(block(4));
    expect((await client.next('block')).data.n).toBe(4);
  });

  it('is cut after it took nothing for the stall timeout: a closed socket never drains (traps 10 and 13)', async () => {
    const client = await openPaused('/log');
    for (let n = 1; n <= 400; n += 1) await log.append([block(n)]);
    await eventually(() => slow === 1);
    const closed = new Promise((resolve) => connections.closed.subscribe(resolve));
    clock.advance(29_000);
    expect(connections.list()).toHaveLength(1);
    clock.advance(2000);
    expect(await closed).toMatchObject({ reason: 'stalled' });
    expect(slow).toBe(0);
    client.resume();
    await client.ended();
  });

  it('is cut within a second when its rights are gone, read or not', async () => {
    await openPaused('/log');
    for (let n = 1; n <= 400; n += 1) await log.append([block(n)]);
    await eventually(() => slow === 1);
    const closed = new Promise((resolve) => connections.closed.subscribe(resolve));
    expect(connections.closeWhere(() => true, 'revoked')).toBe(1);
    clock.advance(1100);
    expect(await closed).toMatchObject({ reason: 'revoked' });
  });
});
