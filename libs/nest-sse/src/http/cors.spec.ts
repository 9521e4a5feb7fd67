import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { concat, NEVER, of, type Observable } from 'rxjs';
import {
  MemoryEventLog,
  SSE_CORS_HEADERS,
  SseStream,
  withStreamHeaders,
  type EventLog,
  type SseEvent,
} from '../index.js';
import { PLATFORMS, startStreamApp, type StreamApp } from '../testing/stream-app.js';

const ORIGIN = 'https://elsewhere.example';

@Controller()
class OpenController {
  @SseStream('live')
  live(): Observable<SseEvent> {
    return concat(of({ event: 'tick', id: 'i-1', data: {} }), NEVER);
  }

  @SseStream('ended')
  ended(): EventLog {
    const log = new MemoryEventLog({ epoch: 'e' });
    log.end();
    return log;
  }
}

describe('withStreamHeaders', () => {
  it('adds what streams need to what is listed, each once', () => {
    const options = withStreamHeaders({
      origin: ORIGIN,
      credentials: true,
      allowedHeaders: ['Content-Type', 'last-event-id'],
      exposedHeaders: 'X-Request-Id, Retry-After',
    });
    expect(options).toEqual({
      origin: ORIGIN,
      credentials: true,
      allowedHeaders: ['Content-Type', 'last-event-id', 'Cache-Control'],
      exposedHeaders: ['X-Request-Id', 'Retry-After'],
    });
    expect(withStreamHeaders({ allowedHeaders: 'Accept,X-Own' }).allowedHeaders).toEqual([
      'Accept',
      'X-Own',
      ...SSE_CORS_HEADERS,
    ]);
  });

  it('leaves it open where any header may pass', () => {
    expect(withStreamHeaders({})).toEqual({ exposedHeaders: ['Retry-After'] });
  });
});

describe.each(PLATFORMS)('a client of another origin on %s', (platform) => {
  let streams: StreamApp;
  const start = async (): Promise<void> => {
    streams = await startStreamApp({
      platform,
      options: { connectionsTotal: 1 },
      controllers: [OpenController],
      prepare: (app) =>
        app.enableCors(withStreamHeaders({ origin: [ORIGIN], credentials: true, allowedHeaders: ['Authorization'] })),
    });
  };
  const open = (path: string, headers: Record<string, string> = {}) =>
    streams.open(path, { headers: { origin: ORIGIN, cookie: 'sid=1', ...headers } });
  afterEach(() => streams.close());

  it("passes the preflight with a stream's headers", async () => {
    await start();
    const client = await streams.open('/live', {
      method: 'OPTIONS',
      headers: {
        origin: ORIGIN,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'cache-control,last-event-id',
      },
    });
    expect(client.status).toBe(204);
    const allowed = String(client.headers['access-control-allow-headers']).toLowerCase().split(/,\s*/);
    expect(allowed).toEqual(expect.arrayContaining(['last-event-id', 'cache-control', 'authorization']));
    expect(client.headers['access-control-allow-origin']).toBe(ORIGIN);
    expect(client.headers['access-control-allow-credentials']).toBe('true');
  });

  it('may read the stream, the refusal, the page and the end', async () => {
    await start();
    const stream = await open('/live', { 'last-event-id': 'i-0', 'cache-control': 'no-cache' });
    await stream.next('tick');
    const refusal = await open('/live');
    const problem = await open('/live', { accept: '*/*' });
    const page = await open('/ended', { accept: 'application/json' });
    await stream.close();
    for (const client of [stream, refusal, problem, page]) {
      expect(client.headers['access-control-allow-origin']).toBe(ORIGIN);
      expect(client.headers['access-control-allow-credentials']).toBe('true');
      expect(String(client.headers.vary).toLowerCase()).toContain('origin');
    }
    expect([stream, refusal, problem, page].map(({ status }) => status)).toEqual([200, 200, 503, 200]);
    expect(problem.headers['access-control-expose-headers']).toBe('Retry-After');
    expect(String(page.headers.vary).toLowerCase()).toContain('accept');
  });

  it('may not where its origin is not allowed', async () => {
    await start();
    const client = await open('/live', { origin: 'https://evil.example' });
    expect(client.headers['access-control-allow-origin']).toBeUndefined();
  });
});
