import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Controller, Injectable, Logger } from '@nestjs/common';
import {
  MemoryEventLog,
  SseConnections,
  SseLog,
  SseStream,
  type EventLog,
  type SseMetrics,
  type SseSource,
} from './index.js';
import { MetricsReporter } from './sse-metrics.js';
import { TestClock } from './testing/index.js';
import { startStreamApp, type StreamApp } from './testing/stream-app.js';

const clock = new TestClock();
let log: MemoryEventLog;

@Injectable()
class OneLog implements SseSource {
  open(): EventLog {
    return log;
  }
}

@Controller()
class MeteredController {
  @SseStream('events', { source: OneLog })
  events(@SseLog() opened: EventLog): EventLog {
    return opened;
  }
}

const METHODS = [
  'connectionOpened',
  'connectionClosed',
  'connectionRefused',
  'pageServed',
  'messagesSent',
  'resumed',
  'replayed',
  'delivered',
] as const;

describe('SseMetrics', () => {
  let streams: StreamApp;
  let told: [string, unknown][];
  const start = async (more: SseMetrics = {}): Promise<void> => {
    told = [];
    log = new MemoryEventLog({ epoch: 'e', maxMessages: 10 });
    const recorded = METHODS.map((name) => [name, (fact: unknown) => told.push([name, fact])]);
    streams = await startStreamApp({
      options: { clock, connectionsTotal: 1, metrics: { ...Object.fromEntries(recorded), ...more } as SseMetrics },
      controllers: [MeteredController],
      providers: [OneLog],
    });
  };
  afterEach(() => streams.close());

  const facts = (method: string): unknown[] => told.filter(([name]) => name === method).map(([, fact]) => fact);
  const message = (n: number) => ({ event: 'tick', data: { n, timestamp: new Date(clock.now()).toISOString() } });

  it('tells the life of a connection, with bounded labels', async () => {
    await start();
    await log.append([message(1), message(2), message(3)]);
    const client = await streams.open('/events', { lastEventId: 'e-1' });
    await client.take(2);
    const delivered = message(4);
    clock.advance(250);
    await log.append([delivered]);
    await client.next();
    const refused = await streams.open('/events');
    await refused.ended();
    const closed = new Promise((resolve) => streams.app.get(SseConnections).closed.subscribe(resolve));
    await client.close();
    await closed;
    const kind = 'MeteredController.events';
    expect(facts('connectionOpened')).toEqual([{ kind }]);
    expect(facts('connectionClosed')).toEqual([{ kind, reason: 'disconnected', durationMs: 250 }]);
    expect(facts('connectionRefused')).toEqual([{ kind, reason: 'overloaded' }]);
    expect(facts('resumed')).toEqual([{ result: 'continued' }]);
    expect(facts('replayed')).toEqual([{ messages: 2 }]);
    expect(facts('delivered')).toEqual([{ seconds: 0.25 }]);
    const sent = facts('messagesSent') as { event: string; count: number; bytes: number }[];
    expect(sent.map(({ event, count }) => [event, count])).toEqual([
      ['stream.open', 1],
      ['tick', 2],
      ['tick', 1],
    ]);
    expect(sent.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(
      Buffer.byteLength(client.text.replace(/^retry: \d+\n\n/, '')),
    );
  });

  it.each([
    ['x', 'malformed'],
    ['e-13', 'nothing_left'],
    ['e-1', 'trimmed'],
    ['f-1', 'epoch'],
    ['e-99', 'ahead'],
  ])('tells what became of the cursor %s: %s', async (cursor, result) => {
    await start();
    for (let n = 1; n <= 13; n += 1) await log.append([message(n)]);
    log.end();
    await (await streams.open('/events', { lastEventId: cursor })).ended();
    expect(facts('resumed')).toEqual([{ result }]);
  });

  it('tells of pages', async () => {
    await start();
    await log.append([message(1)]);
    await (await streams.open('/events', { headers: { accept: 'application/json' } })).ended();
    expect(facts('pageServed')).toEqual([{ kind: 'MeteredController.events', messages: 1 }]);
  });

  it('does not let a broken observer touch the streams', async () => {
    await start({
      messagesSent: () => {
        throw new Error('broken');
      },
    });
    await log.append([message(1)]);
    expect((await (await streams.open('/events')).next()).data.n).toBe(1);
  });
});

describe('MetricsReporter', () => {
  it('tells at most 64 names of events, then "other"', () => {
    const names: string[] = [];
    const reporter = new MetricsReporter({ messagesSent: ({ event }) => names.push(event) });
    for (let n = 0; n < 100; n += 1) reporter.sent(`event-${n}`, 1, 1);
    reporter.sent('event-0', 1, 1);
    expect(new Set(names).size).toBe(65);
    expect(names.at(-2)).toBe('other');
    expect(names.at(-1)).toBe('event-0');
  });

  it("logs an observer's first fault, and no more of them", () => {
    const logged = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const reporter = new MetricsReporter({
      connectionSlowed: () => {
        throw new Error('broken');
      },
    });
    reporter.tell('connectionSlowed');
    reporter.tell('connectionSlowed');
    expect(logged).toHaveBeenCalledTimes(1);
    logged.mockRestore();
  });
});
