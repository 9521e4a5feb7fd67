import type { IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Injectable, Req } from '@nestjs/common';
import { finalize, Subject, type Observable } from 'rxjs';
import {
  SseConnections,
  SseLog,
  SseStream,
  type ConnectionEnd,
  type EventLog,
  type SseEvent,
  type SseSource,
} from '../../index.js';
import { eventually } from '../testing/eventually.js';
import { TestClock, type SseTestClient } from '../../testing/index.js';
import { RawClient } from '../testing/raw-client.js';
import { startStreamApp, type StreamApp } from '../../testing/stream-app.js';
import { WatchedLog } from '../testing/watched-log.js';

const KIB = 1024;
const QUEUE_BOUND = 1024 * KIB;

let log: WatchedLog;
let source: Subject<SseEvent>;
let stopped: number;
let bodiesRead: number;

@Injectable()
class OneLog implements SseSource {
  open(): EventLog {
    return log;
  }
}

@Controller()
class DeliveryController {
  @SseStream('log', { source: OneLog })
  log(@SseLog() opened: EventLog): EventLog {
    return opened;
  }

  @SseStream('source')
  source(): Observable<SseEvent> {
    return source.pipe(finalize(() => (stopped += 1)));
  }

  @SseStream('reads-body')
  readsBody(@Req() request: IncomingMessage): Observable<SseEvent> {
    request.once('close', () => (bodiesRead += 1)).resume();
    return this.source();
  }
}

const tick = (n: number) => ({ event: 'tick', data: { n } });
const block = (n: number) => ({ event: 'tick', data: { n, text: 'x'.repeat(64 * KIB) } });
const upTo = (n: number) => Array.from({ length: n }, (_, index) => index + 1);
const numbers = (client: SseTestClient) =>
  client.frames.filter(({ event }) => event === 'tick').map(({ data }) => data.n as number);

describe('delivery', () => {
  const clock = new TestClock();
  const ends: ConnectionEnd[] = [];
  let slow: number;
  let streams: StreamApp;
  let connections: SseConnections;

  beforeEach(async () => {
    log = new WatchedLog({ epoch: 'e', maxMessages: 10_000, maxBytes: Infinity });
    source = new Subject();
    stopped = bodiesRead = slow = ends.length = 0;
    streams = await startStreamApp({
      options: {
        clock,
        maxQueuedBytes: QUEUE_BOUND,
        metrics: {
          connectionSlowed: () => (slow += 1),
          connectionCaughtUp: () => (slow -= 1),
          connectionClosed: ({ reason }) => ends.push(reason),
        },
      },
      controllers: [DeliveryController],
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
  /** Emits blocks until the client is behind, by no more than the bound; answers with how many. */
  const fill = async (): Promise<number> => {
    let sent = 0;
    for (const isBehind = () => slow > 0; !isBehind();) {
      source.next(block((sent += 1)));
      await new Promise((resolve) => setImmediate(resolve));
    }
    return sent;
  };

  it.each([1, 2, 3])(
    'trap 3: misses nothing that comes just after the view of read %i, with no further hint',
    async (nth) => {
      let appended = 0;
      let reads = 0;
      const append = () => log.append([tick((appended += 1))]);
      log.afterRead = async () => ((reads += 1) === nth ? append() : undefined);
      await append();
      const client = await streams.open('/log');
      const hasAll = () => numbers(client).length === appended;
      await eventually(hasAll, 'the first message, and what came with it');
      for (const isThere = () => reads >= nth; !isThere();) {
        await append();
        await eventually(hasAll, `message ${appended}, and what came with it`);
      }
      expect(numbers(client)).toEqual(upTo(nth + 1));
    },
  );

  it('trap 3: loses and doubles nothing that is appended between any read and the next', async () => {
    let appended = 0;
    const append = async () => {
      if (appended < 500) await log.append([tick((appended += 1))]);
    };
    log.afterRead = append;
    await append();
    const clients = [await streams.open('/log'), await streams.open('/log', { lastEventId: 'e-0' })];
    for (const client of clients) {
      await client.until(({ data }) => data.n === 500);
      expect(numbers(client)).toEqual(upTo(500));
    }
  });

  it.each([100, 0])(
    'trap 4: keeps nothing for a client that reads slowly, after %i messages of replay or live',
    async (before) => {
      for (const n of upTo(before)) await log.append([block(n)]);
      const client = await openPaused('/log');
      let appended = before;
      for (const isBehind = () => slow > 0; !isBehind();) {
        await log.append([block((appended += 1))]);
        await new Promise((resolve) => setImmediate(resolve));
      }
      const { handedOut } = log;
      for (let n = 0; n < 300; n += 1) await log.append([block((appended += 1))]);
      await new Promise((resolve) => setImmediate(resolve));
      expect(connections.list()[0]?.bytesQueued).toBeLessThan(QUEUE_BOUND);
      expect(log.handedOut - handedOut).toBeLessThanOrEqual(100);
      client.resume();
      await client.until(({ data }) => data.n === appended);
      expect(numbers(client)).toEqual(upTo(appended));
    },
  );

  it('trap 10: takes a full socket for what it is, neither for a client that has gone nor for one that will drain', async () => {
    const reading = await openPaused('/source');
    const sent = await fill();
    expect(ends).toEqual([]);
    reading.resume();
    await reading.take(sent);
    expect(numbers(reading)).toEqual(upTo(sent));
    await reading.close();
    await eventually(() => stopped === 1 && slow === 0, 'the first to be forgotten');

    const leaving = await RawClient.ask(streams.server, '/log');
    await eventually(() => leaving.frames.length === 1, 'stream.open');
    leaving.socket.pause();
    for (const n of upTo(400)) await log.append([block(n)]);
    await eventually(() => slow === 1, 'the client to be behind');
    leaving.leave('reset');
    await eventually(() => ends.length === 2, 'its end, though it never drained');
    expect([slow, log.listeners, connections.list()]).toEqual([0, 0, []]);
  });

  it('trap 11: bounds what waits by bytes, and drops no message to stay below', async () => {
    const client = await openPaused('/source');
    const filled = await fill();
    let sent = filled;
    // Many, but small: a bound by count would cut here.
    for (let n = 0; n < 1000; n += 1) source.next(tick((sent += 1)));
    expect(connections.list()).toHaveLength(1);
    // Few, but large.
    for (let n = 0; n < 100 && source.observed; n += 1) source.next(block((sent += 1)));
    expect(stopped).toBe(1);
    client.resume();
    await client.ended();
    // It has the beginning, without holes, and comes back for the rest.
    const seen = numbers(client);
    expect(seen).toEqual(upTo(seen.length));
    expect(seen.length).toBeGreaterThan(filled / 2);
    expect(client.frames.at(-1)).toMatchObject({ event: 'stream.close', data: { reason: 'slow' } });
  });

  it('trap 12: stays open when its request has been read to the end', async () => {
    const length = { 'Content-Type': 'text/plain', 'Content-Length': '4' };
    const client = await RawClient.ask(streams.server, '/reads-body', length);
    await eventually(() => client.frames.length === 1, 'stream.open');
    client.socket.write('body');
    await eventually(() => bodiesRead === 1, 'the end of the request');
    await new Promise((resolve) => setImmediate(resolve));
    source.next(tick(1));
    await eventually(() => client.frames.at(-1)?.event === 'tick', 'the message');
    expect([connections.list().length, stopped]).toEqual([1, 0]);
    client.leave('destroy');
    await eventually(() => stopped === 1, 'its end');
  });

  it('trap 13: finds out a peer that is gone without a word, by what it does not take', async () => {
    const idle = await streams.open('/source');
    await idle.next('stream.open');
    const gone = await openPaused('/log');
    for (const n of upTo(400)) await log.append([block(n)]);
    await eventually(() => slow === 1, 'the client to be behind');
    clock.advance(29_000);
    expect(ends).toEqual([]);
    clock.advance(2000);
    await idle.take(2, 'stream.heartbeat');
    await eventually(() => ends.length === 1, 'the end of the one that takes nothing');
    expect([ends, log.listeners, connections.list().map(({ kind }) => kind)]).toEqual([
      ['stalled'],
      0,
      ['DeliveryController.source'],
    ]);
    gone.resume();
    await gone.ended();
  });

  it('trap 21: takes a hint for a hint: lost, doubled or late ones change nothing of what arrives', async () => {
    // Of ten hints, seven are lost and one is told thrice.
    log.timesTold = (n) => [0, 0, 3, 0, 1, 0, 0, 0, 0, 1][n % 10] ?? 1;
    const clients = [await streams.open('/log'), await streams.open('/log')];
    for (const client of clients) await client.next('stream.open');
    for (const n of upTo(99)) await log.append([tick(n)]);
    for (const client of clients) {
      await client.until(({ data }) => data.n === 99);
      expect(numbers(client)).toEqual(upTo(99));
    }
  });

  it('trap 24: stops the work behind a stream when the stream is closed, by whomever', async () => {
    const [client, other] = [await streams.open('/source'), await streams.open('/source')];
    const { data } = await client.next('stream.open');
    await other.next('stream.open');
    connections.close(data.connectionId as string, 'revoked');
    expect(stopped).toBe(1);
    await client.ended();
    await other.close();
    await eventually(() => stopped === 2, 'the other to stop');
    expect(source.observed).toBe(false);
  });
});
