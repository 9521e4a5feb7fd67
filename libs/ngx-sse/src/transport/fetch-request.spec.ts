import { HttpErrorResponse } from '@angular/common/http';
import { inject, InjectionToken } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { describe, expect, it } from '@jest/globals';
import { provideSse, SSE_FETCH, SseClient, withFetchTransport, withPollingFallback, withTransport } from '../index';
import { provideSseTesting } from '../testing/index';
import { URL } from './testing/scripted-server';
import { setUp, setUpFetch } from './testing/set-up-connection';

const SECRET = 'secret';

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

  it('does not take headers that cannot be had for streams that do not get through', async () => {
    const request = { headers: () => Promise.reject(new Error(SECRET)) };
    const { server, connection } = setUpFetch({ request }, withPollingFallback({ afterFailures: 1 }));
    await server.advance(0);
    expect(connection.error()?.code).toBe('ticket_failed');
    expect(connection.state()).toBe('reconnecting');
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
