import { afterEach, describe, expect, it } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import { Controller } from '@nestjs/common';
import { Subject, type Observable } from 'rxjs';
import { SseConnections, SseStream, type SseEvent, type SseMetrics } from '../index.js';
import { TestClock } from '../testing/index.js';
import { startStreamApp, type StreamApp } from '../testing/stream-app.js';

const source = new Subject<SseEvent>();

@Controller()
class LoggedController {
  @SseStream('source')
  source(): Observable<SseEvent> {
    return source;
  }
}

/** Resolves when `condition` holds; looks after each turn of the event loop. */
async function eventually(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

describe('a stream behind a middleware whose write() answers nothing', () => {
  let streams: StreamApp;
  let slow = 0;
  const clock = new TestClock();
  const metrics: SseMetrics = { connectionSlowed: () => (slow += 1), connectionCaughtUp: () => (slow -= 1) };
  const forgetful = (_: unknown, response: ServerResponse, next: () => void): void => {
    const write = response.write.bind(response) as (bytes: Buffer) => boolean;
    response.write = ((bytes: Buffer) => void write(bytes)) as never;
    next();
  };
  const start = async (): Promise<void> => {
    slow = 0;
    const options = { clock, metrics, stallTimeoutMs: 10_000, heartbeatIntervalMs: 15_000, maxLifetimeMs: 3_600_000 };
    streams = await startStreamApp({
      controllers: [LoggedController],
      options,
      prepare: (app) => app.use(forgetful),
    });
  };
  afterEach(() => streams.close());

  it('is not taken for slow, and not cut', async () => {
    await start();
    const client = await streams.open('/source');
    await client.next('stream.open');
    for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(slow).toBe(0);
    clock.advance(20_000);
    await client.next('stream.heartbeat');
    source.next({ event: 'tick', data: {} });
    await client.next('tick');
  });

  it('waits for a client that is slow, and goes on when it has caught up', async () => {
    await start();
    const client = await streams.open('/source');
    await client.next('stream.open');
    client.pause();
    await eventually(() => {
      source.next({ event: 'block', data: { text: 'x'.repeat(64 * 1024) } });
      return slow === 1;
    });
    source.next({ event: 'last', data: {} });
    client.resume();
    await client.next('last');
    await eventually(() => slow === 0);
    expect(streams.app.get(SseConnections).list()).toHaveLength(1);
  });
});
