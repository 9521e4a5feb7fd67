import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  Controller,
  Get,
  HttpException,
  Injectable,
  NotFoundException,
  Param,
  type ExecutionContext,
  type INestApplication,
} from '@nestjs/common';
import { of, type Observable } from 'rxjs';
import {
  MemoryEventLog,
  SseConnections,
  SseLog,
  SseStream,
  type EventLog,
  type SseEvent,
  type SseSource,
} from '../index.js';
import { TestClock, type SseTestClient } from '../testing/index.js';
import { PLATFORMS, startStreamApp, type StreamApp } from '../testing/stream-app.js';

interface Ticks {
  tick: { n: number };
}

const tick = (n: number) => ({ event: 'tick' as const, data: { n } });

@Injectable()
class Logs implements SseSource {
  readonly logs = new Map<string, MemoryEventLog<Ticks>>();
  opened = 0;

  open(context: ExecutionContext): EventLog<Ticks> {
    this.opened += 1;
    const { params } = context.switchToHttp().getRequest<{ params: { id: string } }>();
    const log = this.logs.get(params.id);
    if (!log) throw new NotFoundException({ code: 'run_not_found' });
    return log;
  }
}

@Controller()
class StreamsController {
  @SseStream('logs/:id/events', { source: Logs })
  log(@SseLog() log: EventLog<Ticks>, @Param('id') id: string): EventLog<Ticks> {
    if (id === 'broken') throw new Error('handler broke');
    return log;
  }

  @SseStream('slow-handler')
  async slow(): Promise<Observable<SseEvent<Ticks>>> {
    await new Promise((resolve) => setTimeout(resolve, 300));
    return of(tick(1));
  }

  @SseStream('refusing-handler')
  async refusing(): Promise<Observable<SseEvent<Ticks>>> {
    throw new NotFoundException();
  }

  @SseStream('memory')
  async memory(): Promise<EventLog<Ticks>> {
    const log = new MemoryEventLog<Ticks>({ epoch: 'e' });
    await log.append([tick(1), tick(2)]);
    log.end();
    return log;
  }

  @Get('plain')
  plain(): string {
    return 'plain';
  }
}

describe.each(PLATFORMS)('SseStream on %s', (platform) => {
  const clock = new TestClock();
  let streams: StreamApp;
  let logs: Logs;
  let log: MemoryEventLog<Ticks>;
  const seenByFilter: unknown[] = [];

  beforeEach(async () => {
    seenByFilter.length = 0;
    streams = await startStreamApp({
      platform,
      options: { clock, random: () => 0.5 },
      controllers: [StreamsController],
      providers: [Logs],
      prepare: recordErrors(seenByFilter),
    });
    logs = streams.app.get(Logs);
    log = new MemoryEventLog<Ticks>({ epoch: 'e', snapshotUrl: '/snapshot' });
    logs.logs.set('1', log);
  });

  afterEach(() => streams.close());

  describe('opening', () => {
    it('says at once what to expect, before the log has anything', async () => {
      const client = await streams.open('/logs/1/events');
      const open = await client.next('stream.open');
      expect(client.status).toBe(200);
      expect(client.headers['content-type']).toBe('text/event-stream');
      expect(client.headers['cache-control']).toBe('no-store, no-transform');
      expect(client.headers['x-accel-buffering']).toBe('no');
      expect(client.retry).toBe(1000);
      expect(open).toEqual({
        event: 'stream.open',
        lastEventId: '',
        data: {
          timestamp: new Date(clock.now()).toISOString(),
          connectionId: streams.app.get(SseConnections).list()[0]?.id,
          resumedFrom: '',
          heartbeatIntervalMs: 15_000,
          maxLifetimeMs: 300_000,
        },
      });
    });

    it('opens within 50 ms while an asynchronous handler is still at work', async () => {
      const startedAt = performance.now();
      const client = await streams.open('/slow-handler');
      await client.next('stream.open');
      expect(client.frames.map(({ event }) => event)).toEqual(['stream.open']);
      expect(performance.now() - startedAt).toBeLessThan(250);
      expect((await client.next('tick')).data).toMatchObject({ n: 1 });
    });

    it('turns the refusal of an asynchronous handler into its status', async () => {
      expect((await streams.open('/refusing-handler')).status).toBe(404);
    });

    it('turns the fault of a handler into a 500', async () => {
      logs.logs.set('broken', log);
      const client = await streams.open('/logs/broken/events');
      expect(client.status).toBe(500);
      expect(await client.body()).not.toContain('handler broke');
    });

    it('asks the source for the right to read before anything is sent', async () => {
      const client = await streams.open('/logs/2/events');
      expect(client.status).toBe(404);
      expect(await client.json()).toMatchObject({ code: 'run_not_found' });
    });

    it('answers HEAD with the headers alone and takes no slot', async () => {
      const client = await streams.open('/logs/1/events', { method: 'HEAD' });
      expect(client.status).toBe(200);
      expect(client.headers['content-type']).toBe('text/event-stream');
      expect(await client.body()).toBe('');
      expect(streams.app.get(SseConnections).list()).toEqual([]);
    });

    it('leaves other routes alone', async () => {
      expect(await (await streams.open('/plain')).body()).toBe('plain');
    });

    it('leaves the handler as it was written where it is called by itself', async () => {
      const controller = new StreamsController();
      expect(controller.log(log, '1')).toBe(log);
    });
  });

  describe('streaming a log', () => {
    it('sends what is there, then what comes, each once and in order', async () => {
      await log.append([tick(1), tick(2)]);
      const client = await streams.open('/logs/1/events');
      await client.take(2);
      await log.append([tick(3)]);
      await log.append([tick(4), tick(5)]);
      await client.take(3);
      expect(client.frames.slice(1).map(({ id, data }) => [id, data.n])).toEqual(
        [1, 2, 3, 4, 5].map((n) => [`e-${n}`, n]),
      );
    });

    it.each(['header', 'query'])('resumes after the id that the client names in the %s', async (where) => {
      await log.append([tick(1), tick(2), tick(3)]);
      const client = await (where === 'header'
        ? streams.open('/logs/1/events', { lastEventId: 'e-2' })
        : streams.open('/logs/1/events?lastEventId=e-2'));
      expect((await client.next('stream.open')).data.resumedFrom).toBe('e-2');
      expect((await client.next()).data.n).toBe(3);
    });

    it('believes the header where both are there, since a browser updates only that', async () => {
      await log.append([tick(1), tick(2), tick(3)]);
      const client = await streams.open('/logs/1/events?lastEventId=e-0', { lastEventId: 'e-2' });
      expect((await client.next()).data.n).toBe(3);
    });

    it('takes an empty cursor for the start', async () => {
      await log.append([tick(1)]);
      const client = await streams.open('/logs/1/events?lastEventId=', { lastEventId: '' });
      expect((await client.next()).data.n).toBe(1);
    });

    it('does not let control events touch the cursor (trap 1)', async () => {
      await log.append([tick(1)]);
      const client = await streams.open('/logs/1/events');
      await client.next('tick');
      streams.app.get(SseConnections).broadcast({ event: 'note', data: {} });
      clock.advance(16_000);
      await client.next('stream.heartbeat');
      expect(client.lastEventId).toBe('e-1');
      expect(client.frames.filter(({ id }) => id !== undefined).map(({ event }) => event)).toEqual(['tick']);
    });

    it('loses nothing that is appended while it replays (trap 3)', async () => {
      log = new MemoryEventLog({ epoch: 'e', maxMessages: 5000 });
      logs.logs.set('1', log);
      const expected = Array.from({ length: 3000 }, (_, index) => index + 1);
      const readers: SseTestClient[] = [];
      for (const n of expected) {
        if (n % 1000 === 1) readers.push(await streams.open('/logs/1/events'));
        await log.append([tick(n)]);
      }
      for (const reader of readers) {
        await reader.until(({ data }) => data.n === 3000);
        const messages = reader.frames.filter(({ event }) => event !== 'stream.open');
        expect(messages.map(({ data }) => data.n)).toEqual(expected);
      }
    });

    it('survives any number of drops with every event exactly once', async () => {
      let client = await streams.open('/logs/1/events');
      const seen: number[] = [];
      for (let n = 1; n <= 30; n += 1) {
        await log.append([tick(n)]);
        if (n % 3 === 0) {
          seen.push(...(await client.take(3)).map(({ data }) => data.n as number));
          client = await client.reconnect();
        }
      }
      await client.close();
      expect(seen).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
    });

    it('completes at the end of an ended log, and then answers 204 so that EventSource stops (trap 7)', async () => {
      await log.append([tick(1)]);
      const client = await streams.open('/logs/1/events');
      await client.next('tick');
      log.end();
      expect((await client.next('stream.close')).data).toMatchObject({ reason: 'complete' });
      await client.ended();
      const again = await client.reconnect();
      expect(again.status).toBe(204);
      expect(await again.body()).toBe('');
    });

    it('gives the rest of an ended log, then completes', async () => {
      await log.append([tick(1), tick(2)]);
      log.end();
      const client = await streams.open('/logs/1/events', { lastEventId: 'e-1' });
      await client.ended();
      expect(client.frames.map(({ event }) => event)).toEqual(['stream.open', 'tick', 'stream.close']);
    });

    it.each([
      ['trimmed', 'e-1', 'e-3'],
      ['epoch', 'old-7', 'e-3'],
      ['ahead', 'e-99', 'e-5'],
    ])('tells a gap (%s) before what is left (traps 2, 6 and 20)', async (reason, from, to) => {
      log = new MemoryEventLog({ epoch: 'e', maxMessages: 2, snapshotUrl: '/snapshot' });
      logs.logs.set('1', log);
      await log.append([1, 2, 3, 4, 5].map(tick));
      const client = await streams.open('/logs/1/events', { lastEventId: from });
      const gap = await client.next('stream.gap');
      expect(gap.data).toMatchObject({ reason, from, to, snapshot: '/snapshot', timestamp: expect.any(String) });
      expect(gap.id).toBeUndefined();
      await log.append([tick(6)]);
      const rest = await client.until(({ id }) => id === 'e-6');
      expect(rest.map(({ id }) => id)).toEqual(reason === 'ahead' ? ['e-6'] : ['e-4', 'e-5', 'e-6']);
    });

    it.each(['-1', 'x', 'e-01', '1', 'e-1 OR 1=1', 'x'.repeat(300)])(
      'refuses the malformed cursor %j (trap 25)',
      async (cursor) => {
        for (const client of [
          await streams.open('/logs/1/events', { lastEventId: cursor }),
          await streams.open(`/logs/1/events?lastEventId=${encodeURIComponent(cursor)}`),
          await streams.open(`/logs/1/events?after=${encodeURIComponent(cursor)}`, {
            headers: { accept: 'application/json' },
          }),
        ]) {
          expect(client.status).toBe(400);
          expect(await client.json()).toMatchObject({ code: 'invalid_cursor' });
        }
        expect(streams.app.get(SseConnections).list()).toEqual([]);
      },
    );

    it('refuses a cursor with line breaks or NUL in the query', async () => {
      for (const cursor of ['e-1%0A', 'e-1%0D', 'e-1%00', 'e-1&lastEventId=e-2']) {
        expect((await streams.open(`/logs/1/events?lastEventId=${cursor}`)).status).toBe(400);
      }
    });

    it('streams a log that the handler found by itself', async () => {
      const client = await streams.open('/memory', { lastEventId: 'e-1' });
      await client.ended();
      expect(client.frames.map(({ event }) => event)).toEqual(['stream.open', 'tick', 'stream.close']);
      expect((await streams.open('/memory', { lastEventId: 'e-2' })).status).toBe(204);
      expect((await streams.open('/memory', { lastEventId: 'no' })).status).toBe(400);
    });

    it('checks the right to read again at each reconnect (trap 5)', async () => {
      const client = await streams.open('/logs/1/events');
      await client.next('stream.open');
      logs.logs.delete('1');
      expect((await client.reconnect()).status).toBe(404);
    });
  });

  describe('silence and age', () => {
    it('sends a named heartbeat after silence, and none after a message', async () => {
      const client = await streams.open('/logs/1/events');
      await client.next('stream.open');
      clock.advance(14_000);
      await log.append([tick(1)]);
      await client.next('tick');
      clock.advance(14_000);
      expect(client.frames.map(({ event }) => event)).toEqual(['stream.open', 'tick']);
      clock.advance(1500);
      const { data } = await client.next('stream.heartbeat');
      expect(Date.parse(data.serverTime as string)).toBeGreaterThan(clock.now() - 1500);
      expect(data.timestamp).toBe(data.serverTime);
    });

    it('ends at its lifetime and says when to come back; the next connection misses nothing', async () => {
      const client = await streams.open('/logs/1/events');
      await client.next('stream.open');
      await log.append([tick(1)]);
      await client.next('tick');
      clock.advance(301_000);
      expect((await client.next('stream.close')).data).toMatchObject({ reason: 'lifetime', retryAfterMs: 1000 });
      await client.ended();
      await log.append([tick(2)]);
      expect((await (await client.reconnect()).next('tick')).data.n).toBe(2);
    });
  });

  describe('keeping errors and answers apart', () => {
    it("never shows the app's filters what is no error", async () => {
      await log.append([tick(1)]);
      log.end();
      await (await streams.open('/logs/1/events', { lastEventId: 'e-1' })).ended();
      await (await streams.open('/logs/1/events', { headers: { accept: 'application/json' } })).ended();
      expect(seenByFilter).toEqual([]);
    });

    it("renders problems by the app's own filters", async () => {
      await (await streams.open('/logs/1/events', { lastEventId: 'x' })).ended();
      expect(seenByFilter).toEqual([
        expect.objectContaining({ response: expect.objectContaining({ code: 'invalid_cursor' }) }),
      ]);
    });
  });
});

function recordErrors(seen: unknown[]) {
  return (app: INestApplication): void => {
    app.useGlobalFilters({
      catch: (error: unknown, host) => {
        seen.push(error);
        const response = host.switchToHttp().getResponse<{ status(code: number): { send(body: unknown): void } }>();
        const problem = error instanceof HttpException ? error : new HttpException('Internal', 500);
        response.status(problem.getStatus()).send(problem.getResponse());
      },
    });
  };
}
