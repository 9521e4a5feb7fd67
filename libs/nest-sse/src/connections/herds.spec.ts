import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { NEVER, type Observable } from 'rxjs';
import { SseConnections, SseStream, type SseEvent, type SseOptions } from '../index.js';
import { TestClock, type SseTestClient } from '../testing/index.js';
import { startStreamApp, type StreamApp } from '../testing/stream-app.js';

@Controller()
class FeedController {
  @SseStream('feed')
  feed(): Observable<SseEvent> {
    return NEVER;
  }
}

const LIFETIME_MS = 300_000;

/** The same numbers each time, evenly spread from 0 to 1. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32;
}

/** How many fall into each of `count` equal parts from `from` to `to`; fails for what lies outside. */
function spread(values: readonly number[], from: number, to: number, count = 8): number[] {
  const parts = Array.from({ length: count }, () => 0);
  for (const value of values) {
    expect(value).toBeGreaterThanOrEqual(from);
    expect(value).toBeLessThanOrEqual(to);
    const part = Math.min(count - 1, Math.floor(((value - from) / (to - from)) * count));
    parts[part] = (parts[part] ?? 0) + 1;
  }
  return parts;
}

describe('many streams that were opened together (trap 15)', () => {
  const clock = new TestClock();
  let streams: StreamApp;
  let clients: SseTestClient[];
  const start = async (count: number, options: SseOptions = {}): Promise<void> => {
    streams = await startStreamApp({
      options: { clock, random: seededRandom(7), connectionsPerAddress: count, heartbeatIntervalMs: 1e9, ...options },
      controllers: [FeedController],
    });
    clients = [];
    // In parts, or the server's queue of connections overflows.
    while (clients.length < count) {
      const opened = await Promise.all(Array.from({ length: 100 }, () => streams.open('/feed')));
      await Promise.all(opened.map((client) => client.next('stream.open')));
      clients.push(...opened);
    }
  };
  afterEach(() => streams.close());

  it('end their lives spread over ± 20 %, and are told to come back spread over ± 50 %', async () => {
    const count = 1000;
    await start(count, { maxLifetimeMs: LIFETIME_MS, retryMs: 1000 });
    const connections = streams.app.get(SseConnections);
    const ends: number[] = [];
    const stepMs = LIFETIME_MS / 200;
    for (let elapsedMs = stepMs; elapsedMs <= LIFETIME_MS * 1.25; elapsedMs += stepMs) {
      clock.advance(stepMs);
      while (ends.length < count - connections.count()) ends.push(elapsedMs);
    }
    expect(ends).toHaveLength(count);
    const lives = spread(ends, LIFETIME_MS * 0.8, LIFETIME_MS * 1.2 + stepMs);
    expect(Math.min(...lives)).toBeGreaterThan(count / 8 / 2);
    expect(Math.max(...lives)).toBeLessThan((count / 8) * 1.6);
    const closes = await Promise.all(clients.map((client) => client.next('stream.close')));
    const waits = closes.map(({ data }) => data.retryAfterMs as number);
    expect(Math.max(...spread(waits, 500, 1500))).toBeLessThan((count / 8) * 1.6);
  });

  it('are told by a shutdown to come back spread over ± 50 %, once as retry and once as data', async () => {
    await start(200, { drainRetryAfterMs: 2000 });
    await streams.app.close();
    const closes = await Promise.all(clients.map((client) => client.next('stream.close')));
    const waits = closes.map(({ data }) => data.retryAfterMs as number);
    expect(Math.max(...spread(waits, 1000, 3000, 4))).toBeLessThan(50 * 1.6);
    expect(clients.map(({ retry }) => retry)).toEqual(waits);
  });
});
