import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, ForbiddenException, Injectable } from '@nestjs/common';
import { concat, NEVER, of, type Observable } from 'rxjs';
import {
  MemoryEventLog,
  SseChannels,
  SseConnections,
  SseCursor,
  SseLog,
  SseStream,
  type EventLog,
  type SseEvent,
  type SseSource,
} from '../../index.js';
import { TestClock } from '../../testing/index.js';
import { startStreamApp, type StreamApp } from '../../testing/stream-app.js';

/*
 * Every mistake that is known of servers of event streams, once each, as a scenario over a real socket that fails for an
 * implementation that made it. What else there is to say of each behaviour is in the specs beside the code. Elsewhere:
 *
 * | trap                                                   | test                                                       |
 * | ------------------------------------------------------ | ---------------------------------------------------------- |
 * |  8 a request throttler that counts reconnects          | test/http/open-streams.spec.ts, on the server's throttler  |
 * | 24 a stop that leaves the job running (and paying)     | libs/nest-runs/src/runs.spec.ts, "cancelling"              |
 */

let log: MemoryEventLog;
let isOwner: boolean;

@Injectable()
class OneLog implements SseSource {
  open(): EventLog {
    if (!isOwner) throw new ForbiddenException();
    return log;
  }
}

@Controller()
class CursorsController {
  constructor(private readonly channels: SseChannels) {}

  @SseStream('log', { source: OneLog })
  log(@SseLog() opened: EventLog): EventLog {
    return opened;
  }

  @SseStream('channel')
  channel(): EventLog {
    return this.channels.get('c').log;
  }

  @SseStream('observable')
  observable(@SseCursor() cursor: string | undefined): Observable<SseEvent> {
    return concat(of({ event: 'all', data: { since: cursor ?? 'the start' } }), NEVER);
  }
}

const tick = (n: number) => ({ event: 'tick', data: { n } });
const JSON_ONLY = { headers: { accept: 'application/json' } };

describe('cursors', () => {
  const clock = new TestClock();
  let streams: StreamApp;
  const start = (): Promise<StreamApp> =>
    startStreamApp({
      options: { clock, random: () => 0.5, channelMaxMessages: 200 },
      controllers: [CursorsController],
      providers: [OneLog],
    });

  beforeEach(async () => {
    isOwner = true;
    log = new MemoryEventLog({ epoch: 'e', maxMessages: 50, snapshotUrl: '/snapshot' });
    streams = await start();
  });
  afterEach(() => streams.close());

  it("trap 1: leaves the client's cursor alone with everything that is not in the log", async () => {
    await log.append([tick(1)]);
    const client = await streams.open('/log');
    await client.next('tick');
    const connections = streams.app.get(SseConnections);
    connections.broadcast({ event: 'error', data: { code: 'step_failed' } });
    connections.broadcast({ event: 'note', data: 'no object', id: 'sneaked-in' } as never);
    connections.send(connections.list()[0]?.id ?? '', { event: 'hint', data: {}, id: 'sneaked-in' } as never);
    clock.advance(16_000);
    await client.next('stream.heartbeat');
    connections.closeWhere(() => true, 'lifetime');
    await client.ended();
    expect(client.frames.map(({ event, lastEventId }) => [event, lastEventId])).toEqual([
      ['stream.open', ''],
      ...['tick', 'error', 'note', 'hint', 'stream.heartbeat', 'stream.close'].map((event) => [event, 'e-1']),
    ]);
    await log.append([tick(2)]);
    expect((await (await client.reconnect()).next()).id).toBe('e-2');
  });

  it('trap 2: tells a client of an earlier life of the channel that its cursor names nothing here', async () => {
    const publish = (n: number) => streams.app.get(SseChannels).get('c').publish(tick(n));
    for (const n of [1, 2, 3]) await publish(n);
    const client = await streams.open('/channel');
    await client.take(3);
    const { lastEventId } = client;
    await streams.close();
    streams = await start();
    for (const n of [11, 12, 13, 14, 15]) await publish(n);
    const again = await streams.open('/channel', { lastEventId });
    expect((await again.next('stream.gap')).data).toMatchObject({ reason: 'epoch', from: lastEventId });
    expect((await again.take(5)).map(({ data }) => data.n)).toEqual([11, 12, 13, 14, 15]);
  });

  it('trap 5: asks again for the right to read what it replays', async () => {
    await log.append([tick(1), tick(2)]);
    const client = await streams.open('/log');
    await client.next('tick');
    isOwner = false;
    const again = await client.reconnect();
    expect(again.status).toBe(403);
    const page = await streams.open('/log?after=e-1', JSON_ONLY);
    expect(page.status).toBe(403);
    expect((await again.body()) + (await page.body())).not.toContain('tick');
  });

  it.each([
    ['from a cursor', { lastEventId: 'e-3' }, 'e-3'],
    ['from the start', {}, 'e-0'],
  ])('trap 6: says what is missing before it replays what is left, %s', async (_, options, from) => {
    await log.append(Array.from({ length: 60 }, (_value, index) => tick(index + 1)));
    const client = await streams.open('/log', options);
    await client.take(50);
    expect(client.frames.slice(0, 3).map(({ event, data }) => [event, data.n])).toEqual([
      ['stream.open', undefined],
      ['stream.gap', undefined],
      ['tick', 11],
    ]);
    const page = await (await streams.open(`/log?after=${from}`, JSON_ONLY)).json();
    expect(page['gap']).toEqual({ reason: 'trimmed', from, to: 'e-10', snapshot: '/snapshot' });
  });

  it('trap 20: tells a gap where an EventSource can read it: in an event, by a status of 200', async () => {
    await log.append(Array.from({ length: 60 }, (_, index) => tick(index + 1)));
    const client = await streams.open('/log', { lastEventId: 'e-3' });
    const gap = await client.next('stream.gap');
    expect(client.status).toBe(200);
    const { reason, from, to, snapshot } = gap.data;
    expect({ reason, from, to, snapshot }).toEqual({
      reason: 'trimmed',
      from: 'e-3',
      to: 'e-10',
      snapshot: '/snapshot',
    });
    // What it was at when the gap was told: whoever drops now is told of it again.
    expect(gap.lastEventId).toBe('');
  });

  it('trap 23: numbers what comes in one millisecond, in batches and at once, in the order of the log', async () => {
    const channel = streams.app.get(SseChannels).get('c');
    const client = await streams.open('/channel');
    const cursors = await Promise.all(Array.from({ length: 100 }, (_, index) => channel.publish(tick(index + 1))));
    const received = await client.take(100);
    expect(received.map(({ data }) => data.n)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
    expect(received.map(({ id }) => id)).toEqual(cursors);
    expect(new Set(cursors).size).toBe(100);
    expect(new Set(received.map(({ data }) => data.timestamp)).size).toBe(1);
    for (const place of [0, 41, 98]) {
      const again = await streams.open('/channel', { lastEventId: cursors[place]! });
      expect((await again.next()).data.n).toBe(place + 2);
    }
  });

  it.each(['/log', '/channel', '/observable'])(
    'trap 25: refuses -1 instead of replaying everything (%s)',
    async (path) => {
      await log.append([tick(1)]);
      await streams.app.get(SseChannels).get('c').publish(tick(1));
      for (const client of [
        await streams.open(path, { lastEventId: '-1' }),
        await streams.open(`${path}?lastEventId=-1`),
        await streams.open(`${path}?after=-1`, path === '/observable' ? { lastEventId: '-1' } : JSON_ONLY),
      ]) {
        expect(client.status).toBe(400);
        const body = await client.body();
        expect(JSON.parse(body)).toMatchObject({ code: 'invalid_cursor' });
        expect(body).not.toContain('tick');
      }
    },
  );
});
