import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Controller, Injectable, type INestApplication } from '@nestjs/common';
import { Observable, Subject } from 'rxjs';
import {
  MemoryEventLog,
  SseConnections,
  SseStream,
  type EventLog,
  type SseConnectionFacts,
  type SseEvent,
  type SseOptions,
  type SseSource,
} from '../index.js';
import { startStreamApp, type StreamApp } from '../testing/stream-app.js';
import { TestClock } from '../testing/test-clock.js';
import { StreamJournal } from './stream-journal.js';

const requests = new AsyncLocalStorage<string>();
/** What ran, and in the context of which request. */
let ran: [what: string, request: string | undefined][] = [];
const note = (what: string): void => void ran.push([what, requests.getStore()]);
const contextsOf = (what: string) => ran.filter(([done]) => done === what).map(([, request]) => request);

/** A log that notes who reads it. */
class NotedLog implements EventLog {
  private readonly log = new MemoryEventLog({ epoch: 'e', maxMessages: 2 });
  readonly changes = new Observable<string>((subscriber) => {
    note('listen');
    return this.log.changes.subscribe(subscriber);
  });
  readonly append: EventLog['append'] = (events) => this.log.append(events);
  readonly tail: EventLog['tail'] = () => this.log.tail();
  readonly isCursor: EventLog['isCursor'] = (text) => this.log.isCursor(text);
  readonly readAfter: EventLog['readAfter'] = (cursor, limit) => {
    note(cursor === undefined ? 'read from the start' : 'read on');
    return this.log.readAfter(cursor, limit);
  };
}

let log: NotedLog;
let live: Subject<SseEvent>;

@Injectable()
class OneLog implements SseSource {
  open(): EventLog {
    note('open');
    return log;
  }
}

@Controller()
class Streams {
  @SseStream('log', { source: OneLog })
  log(): EventLog {
    note('handler');
    return log;
  }

  @SseStream('live')
  live(): Observable<SseEvent> {
    return new Observable((subscriber) => {
      note('subscribe');
      return live.subscribe(subscriber);
    });
  }

  @SseStream('slow')
  async slow(): Promise<Observable<SseEvent>> {
    await new Promise((resolve) => setTimeout(resolve, 40));
    return this.live();
  }

  @SseStream('failing')
  failing(): Observable<SseEvent> {
    return new Observable((subscriber) => subscriber.error(new Error('a fault of the source')));
  }
}

/** As a tracing library does: each request has a context of its own. */
function withContexts(app: INestApplication): void {
  app.use((request: { headers: Record<string, string> }, _: unknown, next: () => void) =>
    requests.run(request.headers['x-request'] ?? 'unnamed', next),
  );
}

let streams: StreamApp;

const start = async (options: SseOptions = {}): Promise<void> => {
  ran = [];
  log = new NotedLog();
  live = new Subject();
  streams = await startStreamApp({ options, controllers: [Streams], providers: [OneLog], prepare: withContexts });
};
const open = (path: string, request: string, lastEventId?: string) =>
  streams.open(path, { headers: { 'x-request': request }, ...(lastEventId && { lastEventId }) });

afterEach(() => streams.close());

describe('the context of a request', () => {
  beforeEach(() => start());

  it('is that of its source, its handler and its first read', async () => {
    await log.append([{ event: 'tick', data: {} }]);
    for (const name of ['a', 'b']) await (await open('/log', name)).next('tick');
    expect(contextsOf('open')).toEqual(['a', 'b']);
    expect(contextsOf('handler')).toEqual(['a', 'b']);
    expect(contextsOf('read from the start')[0]).toBe('a');
  });

  it.each(['/live', '/slow'])('is that of the subscription to the Observable of %s', async (path) => {
    const clients = [await open(path, 'a'), await open(path, 'b')];
    for (const client of clients) await client.next('stream.open');
    while (contextsOf('subscribe').length < 2) await new Promise(setImmediate);
    expect(contextsOf('subscribe')).toEqual(['a', 'b']);
  });

  it('is not that of what all connections of a log share, whoever came first or appended', async () => {
    const clients = [await open('/log', 'a'), await open('/log', 'b')];
    for (const client of clients) await client.next('stream.open');
    const readers = () => [...contextsOf('read from the start'), ...contextsOf('read on')];
    // Until a connection is level with the others, it reads for itself.
    do {
      ran = ran.filter(([what]) => what === 'listen');
      await requests.run('publisher', () => log.append([{ event: 'tick', data: {} }]));
      for (const client of clients) await client.next('tick');
    } while (readers().some((request) => request === 'a' || request === 'b'));
    expect(contextsOf('listen')).toEqual([undefined]);
    expect(readers()).toEqual([undefined]);
  });
});

describe('a tracer', () => {
  let facts: SseConnectionFacts[];
  let spans: string[];
  const tracer: SseOptions['tracer'] = {
    connection: (fact) => {
      note('connection');
      facts.push(fact);
      return {
        event: (name, attributes) => {
          note('event');
          spans.push(`${name} ${JSON.stringify(attributes)}`);
        },
        end: (reason, attributes) => {
          note('end');
          spans.push(`end ${reason} ${JSON.stringify(attributes)}`);
        },
      };
    },
  };
  const begin = (options: SseOptions = {}): Promise<void> => {
    facts = [];
    spans = [];
    return start({ tracer, ...options });
  };

  it('is told of a connection once, from its start to its end, with bounded attributes', async () => {
    await begin();
    const client = await open('/live', 'a');
    await client.next('stream.open');
    expect(facts).toEqual([
      {
        name: 'SSE Streams.live',
        startedAtMs: expect.any(Number),
        attributes: {
          'code.function.name': 'Streams.live',
          'http.response.status_code': 200,
          'sse.resumed': false,
        },
      },
    ]);
    const { app } = streams;
    app.get(SseConnections).closeWhere(() => true, 'revoked');
    await client.closed;
    while (spans.length < 2) await new Promise(setImmediate);
    expect(spans).toEqual(['sse.closing {"sse.close.reason":"revoked"}', 'end revoked {"sse.close.reason":"revoked"}']);
  });

  it('is told of gaps and of a resumed place', async () => {
    await begin();
    await log.append([1, 2, 3, 4].map((n) => ({ event: 'tick', data: { n } })));
    const client = await open('/log', 'a', 'e-1');
    await client.next('stream.gap');
    expect(facts[0]?.attributes['sse.resumed']).toBe(true);
    expect(spans).toEqual(['sse.gap {"sse.gap.reason":"trimmed"}']);
  });

  it('is told of a fault as OpenTelemetry names it', async () => {
    await begin();
    const client = await open('/failing', 'a');
    await client.closed;
    while (spans.length < 3) await new Promise(setImmediate);
    expect(spans).toEqual([
      'sse.failed {"error.type":"source_failed"}',
      'sse.closing {"sse.close.reason":"overloaded"}',
      'end overloaded {"sse.close.reason":"overloaded","error.type":"overloaded"}',
    ]);
  });

  it('runs in the context of the connection’s own request, also where a shared timer or another closes it', async () => {
    const clock = new TestClock();
    await begin({ clock, maxLifetimeMs: 60_000 });
    const first = await open('/live', 'a');
    await first.next('stream.open');
    const second = await open('/live', 'b');
    await second.next('stream.open');
    const [connection] = streams.app.get(SseConnections).list();
    requests.run('operator', () => streams.app.get(SseConnections).close(connection?.id ?? '', 'revoked'));
    await first.closed;
    requests.run('timer', () => clock.advance(80_000));
    await second.closed;
    while (contextsOf('end').length < 2) await new Promise(setImmediate);
    expect(contextsOf('connection')).toEqual(['a', 'b']);
    expect(contextsOf('event')).toEqual(['a', 'b']);
    expect(contextsOf('end')).toEqual(['a', 'b']);
  });

  it('that throws hurts no stream', async () => {
    facts = [];
    spans = [];
    const connection = jest.fn(() => {
      throw new Error('a fault of the tracer');
    });
    await start({ tracer: { connection } });
    const client = await open('/live', 'a');
    await client.next('stream.open');
    live.next({ event: 'tick', data: { n: 1 } });
    expect((await client.next('tick')).data).toMatchObject({ n: 1 });
    expect(connection).toHaveBeenCalledTimes(1);
  });

  it('may leave a connection out', async () => {
    facts = [];
    spans = [];
    await start({ tracer: { connection: () => undefined } });
    const client = await open('/live', 'a');
    await client.next('stream.open');
    await client.close();
    expect(spans).toEqual([]);
  });
});

describe('StreamJournal', () => {
  it('writes one bounded line of each stream at debug level', () => {
    const debug = jest.fn();
    const journal = new StreamJournal({ debug });
    journal.connectionOpened({ kind: 'Streams.live' });
    journal.connectionClosed({ kind: 'Streams.live', reason: 'lifetime', durationMs: 300_000 });
    journal.connectionRefused({ kind: 'Streams.live', reason: 'limit' });
    journal.pageServed({ kind: 'Streams.live', messages: 3 });
    expect(debug.mock.calls).toEqual([
      ['opened kind=Streams.live'],
      ['closed kind=Streams.live reason=lifetime durationMs=300000'],
      ['refused kind=Streams.live reason=limit'],
      ['page kind=Streams.live messages=3'],
    ]);
  });

  it('is written by a running app, without a line above debug for what a client does', async () => {
    await start({ connectionsTotal: 1 });
    const lines: string[] = [];
    const write =
      (level: string) =>
      (text: unknown): void =>
        void lines.push(`${level} ${String(text)}`);
    const [log_, warn, error, debug] = ['log', 'warn', 'error', 'debug'].map(write);
    streams.app.useLogger({ log: log_, warn, error, debug } as never);
    const client = await open('/live', 'a');
    await client.next('stream.open');
    await (
      await open('/live', 'b')
    ).closed;
    expect((await streams.open('/log', { lastEventId: 'x y' })).status).toBe(400);
    await client.close();
    while (lines.length < 3) await new Promise(setImmediate);
    streams.app.useLogger(false);
    expect(lines).toEqual([
      'debug opened kind=Streams.live',
      'debug refused kind=Streams.live reason=overloaded',
      expect.stringMatching(/^debug closed kind=Streams.live reason=disconnected durationMs=\d+$/),
    ]);
  });
});
