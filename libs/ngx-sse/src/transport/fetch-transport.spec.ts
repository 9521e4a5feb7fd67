import { HttpErrorResponse } from '@angular/common/http';
import { inject, InjectionToken } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { describe, expect, it } from '@jest/globals';
import {
  provideSse,
  SSE_FETCH,
  SseClient,
  withFetchTransport,
  withLiveness,
  withPollingFallback,
  withTransport,
  type SseConnectOptions,
  type SseFeature,
} from '../index';
import { provideSseTesting, SseTestingController } from '../testing/index';
import { describeTransport } from './testing/transport-contract';

const URL = '/stream';
const SECRET = 'secret';

describeTransport('fetch');

function setUp(options: SseConnectOptions<object> = {}, ...features: SseFeature[]) {
  TestBed.configureTestingModule({ providers: [provideSse(...features), provideSseTesting()] });
  const server = TestBed.inject(SseTestingController);
  const connection = TestBed.inject(SseClient).connect(URL, options);
  const got = { ids: [] as string[], data: [] as unknown[], end: undefined as string | undefined };
  connection.messages.subscribe({
    next: ({ id, data }) => {
      got.ids.push(id);
      got.data.push(data);
    },
    error: (error: { code: string }) => (got.end = error.code),
    complete: () => (got.end = 'complete'),
  });
  return { server, connection, got };
}

const setUpFetch = (options: SseConnectOptions<object> = {}, ...features: SseFeature[]) =>
  setUp(options, withFetchTransport(), ...features);

describe('what a fetch transport asks', () => {
  it('names the place in a header and not in the query, and keeps caches out', async () => {
    const { server } = setUpFetch({ lastEventId: 'größe 7' });
    const stream = server.expectOne(URL);
    expect(stream.url).toBe(URL);
    const bytes = 'gr\u00c3\u00b6\u00c3\u009fe 7'; // a header's value is bytes: UTF-8, one character each
    expect(stream.request.headers).toEqual({ accept: 'text/event-stream', 'last-event-id': bytes });
    expect(stream.request.method).toBe('GET');
    expect(stream.request.body).toBeNull();
    expect(stream.withCredentials).toBe(false);
  });

  it("sends the caller's headers, those of the connection first, and never in place of its own", () => {
    const general = { Authorization: 'general', 'X-A': 'a', Accept: 'text/html' };
    const { server } = setUp(
      { request: { headers: { authorization: 'own' } } },
      withFetchTransport({ headers: general }),
    );
    expect(server.expectOne(URL).request.headers).toEqual({
      authorization: 'own',
      'x-a': 'a',
      accept: 'text/event-stream',
    });
  });

  it('asks for headers at each attempt, in an injection context, and waits for them', async () => {
    const tokens = new InjectionToken<{ count: number }>('tokens', {
      providedIn: 'root',
      factory: () => ({ count: 0 }),
    });
    const headers = () => {
      const source = inject(tokens);
      source.count += 1;
      return Promise.resolve({ Authorization: `${SECRET} ${source.count}` });
    };
    const { server } = setUp({}, withFetchTransport({ headers }));
    server.expectNone(URL);
    await server.advance(0);
    server.expectOne(URL).drop();
    await server.advance(1_000);
    expect(server.expectOne(URL).request.headers['authorization']).toBe(`${SECRET} 2`);
  });

  it('sends them with pages, too', async () => {
    const { server } = setUp(
      {},
      withFetchTransport({ headers: () => ({ Authorization: 'x' }) }),
      withTransport('polling'),
    );
    await server.advance(0);
    expect(server.expectPage(URL).init.headers).toEqual({ authorization: 'x', accept: 'application/json' });
  });

  it.each([
    ['headers', { headers: () => Promise.reject(new Error(SECRET)) }],
    ['headers at once', { headers: (): never => fail() }],
    ['a body', { body: () => Promise.reject(new Error(SECRET)) }],
  ])('tries again where %s cannot be had, and tells nothing of why', async (_, request) => {
    const { server, connection } = setUpFetch({ request });
    await server.advance(0);
    const error = connection.error();
    expect(error?.code).toBe('ticket_failed');
    expect([String(error), error?.stack, String(error?.cause)].join()).not.toContain(SECRET);
    expect(connection.nextAttemptAt()).toBeDefined();
  });

  it('ends where the headers are refused for good', async () => {
    const refusal = new HttpErrorResponse({ status: 401, url: `/token?${SECRET}` });
    const { server, got } = setUpFetch({ request: { headers: () => Promise.reject(refusal) } });
    await server.advance(0);
    expect(got.end).toBe('unauthorized');
    server.verifyNothingLeft();
  });

  it('posts a body again with each attempt, from the place reached', async () => {
    let asked = 0;
    const body = () => `{"turn":${(asked += 1)}}`;
    const { server, got } = setUpFetch({ request: { body, headers: { 'content-type': 'application/json' } } });
    const first = server.expectOne(URL);
    expect(first.request).toMatchObject({ method: 'POST', body: '{"turn":1}' });
    expect(first.request.headers['content-type']).toBe('application/json');
    first.open().message('message', {}, '1').drop();
    await server.advance(1_000);
    const second = server.expectOne(URL);
    expect(second.request).toMatchObject({ method: 'POST', body: '{"turn":2}' });
    expect(second.lastEventId).toBe('1');
    expect(got.ids).toEqual(['1']);
  });

  it('takes any method, and has no page to fall back to where a page could not stand in', async () => {
    const options = { request: { method: 'QUERY', body: 'q' } };
    const { server, connection } = setUpFetch(options, withPollingFallback({ afterFailures: 1 }));
    const stream = server.expectOne(URL);
    expect(stream.request.method).toBe('QUERY');
    stream.drop();
    expect(connection.state()).toBe('reconnecting');
  });

  it('opens nothing when it is closed before the headers come', async () => {
    const { server, connection } = setUpFetch({ request: { headers: () => Promise.resolve({}) } });
    connection.close();
    await server.advance(60_000);
    expect(server.match(() => true)).toEqual([]);
    server.verifyNothingLeft();
  });

  it('is shared by nobody where a connection has a request of its own', () => {
    const { server } = setUpFetch();
    const client = TestBed.inject(SseClient);
    client.connect(URL, { request: { body: 'a' } }).messages.subscribe();
    client.connect(URL, { request: { body: 'a' } }).messages.subscribe();
    expect(server.match(URL)).toHaveLength(3);
  });
});

describe('what a fetch transport notices', () => {
  it('lives on comments, and dies without them', async () => {
    const { server, connection } = setUpFetch({}, withLiveness({ heartbeatIntervalMs: 10_000 }));
    const stream = server.expectOne(URL).accept();
    expect(connection.state()).toBe('connecting');
    stream.comment('hello');
    expect(connection.state()).toBe('open');
    for (let i = 0; i < 5; i += 1) {
      await server.advance(24_000);
      stream.comment();
    }
    expect(connection.state()).toBe('open');
    await server.advance(25_000);
    expect(connection.error()?.code).toBe('silent');
    expect(stream.isClosed).toBe(true);
  });

  it('counts bytes that make no message yet as signs of life, and not as an open stream', async () => {
    const { server, connection } = setUpFetch({}, withPollingFallback({ afterFailures: 1 }));
    const stream = server.expectOne(URL).accept().write('data: {');
    await server.advance(60_000);
    expect(connection.state()).toBe('connecting');
    stream.drop();
    expect(connection.state()).toBe('reconnecting');
  });

  it('takes `retry:` for the base of its delays, also after a stable connection', async () => {
    const { server, connection } = setUpFetch();
    const stream = server.expectOne(URL).open().retry(3_000);
    await server.advance(10_000);
    stream.drop();
    expect(connection.nextAttemptAt()?.getTime()).toBe(server.clock.now() + 3_000);
  });

  it('is not open for a moment when it is turned away by a `stream.close` in pieces', async () => {
    const { server, connection } = setUpFetch();
    const stream = server.expectOne(URL).accept().retry(2_000);
    stream.write('event: stream.close\n').write('data: {"reason":"limit","retryAfterMs":5000}\n');
    expect(connection.state()).toBe('connecting');
    stream.write('\n');
    expect(connection.error()?.code).toBe('refused');
    expect(connection.nextAttemptAt()?.getTime()).toBe(server.clock.now() + 5_000);
  });

  it('ends on a message that is larger than allowed, instead of asking for it again', () => {
    const { server, got, connection } = setUp({}, withFetchTransport({ maxMessageCharacters: 100 }));
    const stream = server.expectOne(URL).open().message('message', 'x'.repeat(50), '1');
    stream.write(`data: ${'x'.repeat(80)}`).write('x'.repeat(80));
    expect(got.ids).toEqual(['1']);
    expect(got.end).toBe('oversized');
    expect(connection.error()?.isPassing).toBe(false);
    server.verifyNothingLeft();
  });

  it('takes the orderly end of an answer for a loss, and for the end where that is meant', async () => {
    const lost = setUpFetch();
    lost.server.expectOne(URL).open().end();
    expect(lost.connection.error()?.code).toBe('connection_lost');
    TestBed.resetTestingModule();
    const over = setUpFetch({ request: { completesAtEnd: true } });
    over.server.expectOne(URL).accept().message('message', 1, '1').drop();
    expect(over.connection.error()?.code).toBe('connection_lost');
    await over.server.advance(1_000);
    over.server.expectOne(URL).accept().end();
    expect(over.got.end).toBe('complete');
    over.server.verifyNothingLeft();
  });

  it('falls back to pages when streams do not get through', async () => {
    const { server, connection } = setUpFetch({ lastEventId: '2' }, withPollingFallback());
    for (const delayMs of [1_000, 2_000, 0]) {
      server.expectOne(URL).accept().drop();
      await server.advance(delayMs);
    }
    expect(connection.state()).toBe('polling');
    expect(server.expectPage(URL).url).toContain('after=2');
  });

  it('passes over the rest of a chunk when a subscriber closes at its first message', () => {
    const { server, connection, got } = setUpFetch();
    connection.messages.subscribe(() => connection.close());
    server.expectOne(URL).accept().write('id: 1\ndata: 1\n\nid: 2\ndata: 2\n\nretry: 5\n\n: x\n\n');
    expect(got.ids).toEqual(['1']);
    server.verifyNothingLeft();
  });
});

describe('what lacks', () => {
  it.each([
    ['a request', { request: { headers: { a: 'b' } } }],
    ['fetch as the transport', { transport: 'fetch' as const }],
  ])('is named where %s needs the fetch transport', (_, options) => {
    const { connection, got } = setUp(options);
    expect(got.end).toBe('unsupported');
    expect(connection.error()?.message).toContain('withFetchTransport()');
  });

  it('is named where a request cannot go by EventSource, even if both are there', () => {
    const { connection } = setUpFetch({ request: { body: 'x' }, transport: 'native' });
    expect(connection.error()?.message).toContain('withFetchTransport()');
  });

  it('is named where polling is wanted and not provided, or cannot stand in', () => {
    const { connection } = setUp({ transport: 'polling' });
    expect(connection.error()?.message).toContain('withPollingFallback()');
    TestBed.resetTestingModule();
    const post = setUpFetch({ transport: 'polling', request: { body: 'x' } }, withPollingFallback());
    expect(post.got.end).toBe('unsupported');
  });

  it('is fetch itself, so that the browser has no such streams', () => {
    TestBed.configureTestingModule({
      providers: [provideSse(withFetchTransport()), provideSseTesting(), { provide: SSE_FETCH, useValue: undefined }],
    });
    const connection = TestBed.inject(SseClient).connect(URL, { transport: 'fetch' });
    connection.messages.subscribe({ error: () => undefined });
    expect(connection.error()?.code).toBe('unsupported');
  });
});

describe('the transport of one connection', () => {
  it('is preferred to that of the configuration, also as a function that may inject', async () => {
    const { server } = setUpFetch({ transport: () => (inject(SSE_FETCH) ? 'native' : 'fetch'), lastEventId: '1' });
    expect(server.expectOne(URL).url).toContain('lastEventId=1');
  });

  it('is shared with those who want the same', () => {
    const { server } = setUpFetch({ transport: 'native' });
    const client = TestBed.inject(SseClient);
    client.connect(URL, { transport: 'native' }).messages.subscribe();
    client.connect(URL).messages.subscribe();
    expect(server.match(URL)).toHaveLength(2);
  });
});

function fail(): never {
  throw new Error(SECRET);
}
