import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, type INestApplication } from '@nestjs/common';
import { concat, finalize, NEVER, of, Subject, throwError, type Observable } from 'rxjs';
import { SseConnections, SseCursor, SseStream, type SseEvent } from '../index.js';
import { TestClock } from '../testing/index.js';
import { PLATFORMS, startStreamApp, type StreamApp } from '../testing/stream-app.js';

interface Ticks {
  tick: { n: number };
}

const tick = (n: number) => ({ event: 'tick' as const, data: { n } });
const prices = new Subject<SseEvent<Ticks>>();
let isProducing = false;

@Controller()
class ObservablesController {
  @SseStream('prices')
  prices(): Observable<SseEvent<Ticks>> {
    isProducing = true;
    return prices.pipe(finalize(() => (isProducing = false)));
  }

  @SseStream('failing')
  failing(): Observable<SseEvent<Ticks>> {
    return concat(
      of(tick(1)),
      throwError(() => new Error('secret detail')),
    );
  }

  @SseStream('cursor')
  cursor(@SseCursor() cursor: string | undefined): Observable<SseEvent> {
    return concat(of({ event: 'cursor', data: { cursor: cursor ?? null } }), NEVER);
  }
}

describe.each(PLATFORMS)('SseStream of an Observable on %s', (platform) => {
  const clock = new TestClock();
  let streams: StreamApp;

  beforeEach(async () => {
    streams = await startStreamApp({
      platform,
      options: { clock, random: () => 0.5 },
      controllers: [ObservablesController],
    });
  });

  afterEach(() => streams.close());

  it('sends each message, with an id only where it has one, and a timestamp', async () => {
    const client = await streams.open('/prices');
    await client.next('stream.open');
    prices.next(tick(1));
    prices.next({ ...tick(2), id: 'p-2' });
    const [first, second] = await client.take(2);
    expect(first).toEqual({
      event: 'tick',
      lastEventId: '',
      data: { n: 1, timestamp: new Date(clock.now()).toISOString() },
    });
    expect(second).toMatchObject({ id: 'p-2', lastEventId: 'p-2', data: { n: 2 } });
  });

  it('unsubscribes when the client goes', async () => {
    const client = await streams.open('/prices');
    await client.next('stream.open');
    const closed = nextClosed(streams.app);
    expect([isProducing, prices.observed]).toEqual([true, true]);
    await client.close();
    expect((await closed).reason).toBe('disconnected');
    expect([isProducing, prices.observed]).toEqual([false, false]);
  });

  it('tells the client to come back when the source fails, and nothing of the fault', async () => {
    const client = await streams.open('/failing');
    await client.ended();
    expect(client.frames.map(({ event }) => event)).toEqual(['stream.open', 'tick', 'stream.close']);
    expect(client.frames.at(-1)?.data).toMatchObject({ reason: 'overloaded', retryAfterMs: 5000 });
    expect(client.text).not.toContain('secret');
  });

  it('closes a stream whose message would break the framing (trap 19)', async () => {
    const client = await streams.open('/prices');
    await client.next('stream.open');
    prices.next({ event: 'tick\rdata: x', data: { n: 1 } } as never);
    expect((await client.next('stream.close')).data.reason).toBe('overloaded');
    await client.ended();
    expect(client.text).not.toContain('data: x');
  });

  it('gives the handler the cursor to continue from', async () => {
    const client = await streams.open('/cursor', { lastEventId: 'abc' });
    expect((await client.next('cursor')).data.cursor).toBe('abc');
    expect((await streams.open('/cursor', { lastEventId: '-1' })).status).toBe(400);
  });

  it('has no pages', async () => {
    const client = await streams.open('/prices', { headers: { accept: 'application/json' } });
    expect(client.status).toBe(406);
    expect(prices.observed).toBe(false);
  });
});

function nextClosed(app: INestApplication): Promise<{ reason: string }> {
  return new Promise((resolve) => app.get(SseConnections).closed.subscribe(resolve));
}
