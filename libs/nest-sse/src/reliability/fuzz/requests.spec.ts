import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Injectable } from '@nestjs/common';
import fc from 'fast-check';
import { NEVER, type Observable } from 'rxjs';
import {
  MemoryEventLog,
  SseConnections,
  SseLog,
  SseStream,
  type EventLog,
  type SseEvent,
  type SseSource,
} from '../../index.js';
import { TestClock, type SseTestClient } from '../../testing/index.js';
import { startStreamApp, type StreamApp } from '../../testing/stream-app.js';
import { eventually } from '../testing/eventually.js';
import { RawClient } from '../testing/raw-client.js';

const KEPT = 30;
const log = new MemoryEventLog({ epoch: 'e', maxMessages: KEPT, snapshotUrl: '/snapshot' });
let appended = 0;
const append = (): Promise<string> => log.append([{ event: 'tick', data: { n: (appended += 1) } }]);

@Injectable()
class OneLog implements SseSource {
  open(): EventLog {
    return log;
  }
}

@Controller()
class RequestsController {
  @SseStream('log', { source: OneLog })
  log(@SseLog() opened: EventLog): EventLog {
    return opened;
  }

  @SseStream('observable')
  observable(): Observable<SseEvent> {
    return NEVER;
  }
}

type Expectation = { status: 400 } | { status: 200; gap?: { reason: string; to: string }; next: number };

/** What the protocol has for a cursor, said once more and apart from the code. */
function expectationOf(text: string): Expectation {
  const trimmed = appended - Math.min(appended, KEPT);
  const oldest = trimmed + 1;
  if (text === '') return trimmed > 0 ? gap('trimmed', oldest) : { status: 200, next: 1 };
  const match = /^([A-Za-z0-9]{1,32})-(0|[1-9][0-9]{0,15})$/.exec(text);
  if (!match || text.length > 256) return { status: 400 };
  if (match[1] !== 'e') return gap('epoch', oldest);
  const offset = Number(match[2]);
  if (offset > appended) return gap('ahead', appended + 1);
  return offset < trimmed ? gap('trimmed', oldest) : { status: 200, next: offset + 1 };
}

const gap = (reason: string, next: number): Expectation => ({
  status: 200,
  gap: { reason, to: `e-${next - 1}` },
  next,
});

/** Cursors as they are, nearly are, and are not. */
const cursorText = fc.oneof(
  fc.integer({ min: 0, max: 60 }).map((n) => `e-${n}`),
  fc.integer({ min: 0, max: 60 }).map((back) => `e-${Math.max(0, appended - back)}`),
  fc.tuple(fc.string({ maxLength: 3 }), fc.integer()).map(([epoch, n]) => `${epoch}-${n}`),
  fc.constantFrom(
    '',
    '-1',
    '0',
    'e-',
    '-5',
    'e-00',
    'e-9999999999999999',
    'e-99999999999999999',
    'old-3',
    'E-1',
    'é-1',
  ),
  fc.constantFrom('__proto__', 'constructor', 'toString-1', '[object Object]', 'null', 'undefined', 'NaN', 'true'),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.integer({ min: 250, max: 300 }).map((length) => 'x'.repeat(length)),
);
/** What a header can carry: Latin-1 without line breaks, NUL and blanks at its ends. */
const headerText = cursorText.map((text) => text.replace(/[^\x20-\x7e\x80-\xff]/g, '?').trim());
/** Percent escapes that decode, and some that do not. */
const queryText = fc.oneof(
  cursorText.map((text) => encodeURIComponent(text.toWellFormed())),
  fc
    .array(fc.constantFrom('%', '%0A', '%0D', '%00', '%E2%80%A8', '%ED%A0%80', '%zz', 'e-1', '+', '[]', '&', ';'), {
      maxLength: 5,
    })
    .map((parts) => parts.join('').replaceAll('&', '%26')),
);
const decode = (query: string): string => new URLSearchParams(`q=${query}`).get('q') ?? '';

describe('whatever a request asks', () => {
  let streams: StreamApp;
  beforeAll(async () => {
    streams = await startStreamApp({
      options: { clock: new TestClock(), connectionsPerAddress: 100 },
      controllers: [RequestsController],
      providers: [OneLog],
    });
    for (let n = 0; n < 40; n += 1) await append();
  });
  afterAll(() => streams.close());

  const expectStream = async (client: SseTestClient, text: string): Promise<void> => {
    const expected = expectationOf(text);
    expect([text, client.status]).toEqual([text, expected.status]);
    if (expected.status === 400) {
      expect(await client.json()).toMatchObject({ code: 'invalid_cursor' });
      return;
    }
    if (expected.gap) await client.until(({ event }) => event === 'stream.gap');
    if (expected.next <= appended) await client.until(({ data }) => data.n === appended);
    else if (!expected.gap) await client.next('stream.open');
    await append();
    await client.until(({ data }) => data.n === appended);
    const [open, ...rest] = client.frames;
    expect(open).toMatchObject({ event: 'stream.open', data: { resumedFrom: text } });
    if (expected.gap) expect(rest.shift()?.data).toMatchObject({ ...expected.gap, snapshot: '/snapshot' });
    const due = Array.from({ length: appended - expected.next + 1 }, (_, index) => expected.next + index);
    expect(rest.map(({ event, data }) => [event, data.n])).toEqual(due.map((n) => ['tick', n]));
    await client.close();
  };

  const expectPage = async (after: string, limit: string): Promise<void> => {
    const path = `/log?after=${after}&limit=${limit}`;
    const client = await streams.open(path, { headers: { accept: 'application/json' } });
    const body = await client.json();
    const expected = expectationOf(decode(after));
    const isSize = /^[1-9][0-9]{0,2}$/.test(decode(limit)) && Number(decode(limit)) <= 500;
    if (expected.status === 400 || !isSize) {
      expect([path, client.status]).toEqual([path, 400]);
      expect(body['code']).toMatch(/^invalid_(?:cursor|limit)$/);
      return;
    }
    const length = Math.min(Number(decode(limit)), appended - expected.next + 1);
    const ids = Array.from({ length }, (_, index) => `e-${expected.next + index}`);
    expect([path, client.status]).toEqual([path, 200]);
    expect((body['events'] as { id: string }[]).map(({ id }) => id)).toEqual(ids);
    const told = expected.gap && { ...expected.gap, from: decode(after) || 'e-0', snapshot: '/snapshot' };
    expect(body['gap']).toEqual(told);
  };

  it('in Last-Event-ID: a problem, or exactly what is after it', async () => {
    await fc.assert(
      fc.asyncProperty(headerText, async (text) => {
        await expectStream(await streams.open('/log', { headers: { 'last-event-id': text } }), text);
      }),
      { numRuns: 150 },
    );
  });

  it('in ?lastEventId: the same', async () => {
    await fc.assert(
      fc.asyncProperty(queryText, async (query) => {
        await expectStream(await streams.open(`/log?lastEventId=${query}`), decode(query));
      }),
      { numRuns: 150 },
    );
  });

  it('in ?after and ?limit: a problem, or one page of exactly that', async () => {
    const limitText = fc.oneof(fc.integer({ min: -2, max: 510 }).map(String), queryText);
    await fc.assert(
      fc.asyncProperty(queryText, limitText, async (after, limit) => {
        await expectPage(after, limit);
      }),
      { numRuns: 200 },
    );
  });

  it('of an Observable, or with parameters that nobody knows: a stream or a problem, never a fault', async () => {
    const name = fc.constantFrom('lastEventId', 'after', 'limit', 'events', 'events[]', '__proto__', 'x');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(name, queryText), { maxLength: 4 }), headerText, async (pairs, header) => {
        const query = pairs.map(([key, value]) => `${key}=${value}`).join('&');
        for (const path of [`/observable?${query}`, `/log?${query}`]) {
          for (const accept of ['text/event-stream', 'application/json', '*/*']) {
            const client = await streams.open(path, { headers: { accept, 'last-event-id': header } });
            expect([path, header, [200, 400, 406].includes(client.status)]).toEqual([path, header, true]);
            await client.close();
          }
        }
      }),
      { numRuns: 30 },
    );
    await eventually(() => streams.app.get(SseConnections).list().length === 0, 'all to be closed');
  });

  it('in bytes that are no HTTP: an answer or a closed socket, and the next is served', async () => {
    const bytes = fc.string({ unit: 'binary', maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(bytes, bytes, async (header, path) => {
        const client = await RawClient.connect(streams.server);
        client.socket.write(Buffer.from(`GET /log?x=${path} HTTP/1.1\r\nHost: x\r\nLast-Event-ID: ${header}\r\n\r\n`));
        await eventually(() => client.text.includes('HTTP/1.1 ') || client.socket.destroyed, 'an answer');
        expect(client.text).not.toMatch(/^HTTP\/1\.1 5/);
        client.leave('reset');
      }),
      { numRuns: 100 },
    );
    await expectStream(await streams.open('/log', { lastEventId: `e-${appended}` }), `e-${appended}`);
  });
});
