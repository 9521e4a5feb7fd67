import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  Controller,
  NotFoundException,
  type CallHandler,
  type ExecutionContext,
  type INestApplication,
  type NestInterceptor,
} from '@nestjs/common';
import { concat, map, mergeMap, NEVER, of, tap, timer, type Observable } from 'rxjs';
import { MemoryEventLog, SseConnections, SseStream, type EventLog, type SseEvent } from '../index.js';
import { PLATFORMS, startStreamApp, type StreamApp } from '../testing/stream-app.js';

let subscriptions = 0;
let finishHandler: (() => void) | undefined;
/** Without a bound in bytes it has no need to serialise what it keeps. */
const log = new MemoryEventLog({ epoch: 'e', maxBytes: Infinity });

@Controller()
class ContractController {
  @SseStream('burst')
  burst(): Observable<SseEvent> {
    const messages = Array.from({ length: 50 }, (_, n) => ({ event: 'tick', id: `i-${n}`, data: { n } }));
    return concat(of(...messages), NEVER);
  }

  @SseStream('pending')
  async pending(): Promise<Observable<SseEvent>> {
    await new Promise<void>((resolve) => (finishHandler = resolve));
    return NEVER.pipe(tap({ subscribe: () => (subscriptions += 1) }));
  }

  @SseStream('throws')
  throws(): Observable<SseEvent> {
    throw new NotFoundException();
  }

  @SseStream('log')
  log(): EventLog {
    return log;
  }
}

const intercept = (change: (stream: Observable<unknown>) => Observable<unknown>): NestInterceptor => ({
  intercept: (_: ExecutionContext, next: CallHandler) => change(next.handle()),
});

/** What the library builds on in how Nest runs a handler and answers; a Nest that changes it fails here first. */
describe.each(PLATFORMS)("Nest's part of a stream on %s", (platform) => {
  let streams: StreamApp;
  const start = async (prepare: (app: INestApplication) => void = () => undefined): Promise<void> => {
    subscriptions = 0;
    streams = await startStreamApp({ platform, controllers: [ContractController], prepare });
  };
  afterEach(() => streams.close());

  it('writes the headers, then nothing but our frames, in order', async () => {
    await start();
    const client = await streams.open('/burst');
    await client.take(50);
    expect(client.text).toMatch(/^retry: \d+\n\nevent: stream\.open\ndata: /);
    expect(client.frames.slice(1).map(({ id }) => id)).toEqual(Array.from({ length: 50 }, (_, n) => `i-${n}`));
    expect(client.comments).toEqual([]);
  });

  it('sends no chunk framing and closes the socket at the end; over HTTP/2, no header of the connection', async () => {
    await start();
    const client = await streams.open('/burst');
    expect(client.headers['transfer-encoding']).toBeUndefined();
    expect(client.headers.connection).toBe(platform.endsWith('HTTP/2') ? undefined : 'close');
    expect(client.headers.pragma).toBeUndefined();
  });

  it("keeps the app's own headers", async () => {
    await start((app) => app.enableCors({ origin: 'https://elsewhere.example', credentials: false }));
    const client = await streams.open('/burst');
    expect(client.headers['access-control-allow-origin']).toBe('https://elsewhere.example');
  });

  it('is not touched by an interceptor that wraps every answer in an envelope', async () => {
    await start((app) => app.useGlobalInterceptors(intercept((stream) => stream.pipe(map((data) => ({ data }))))));
    const client = await streams.open('/burst');
    expect((await client.take(50)).map(({ data }) => data.n)).toEqual(Array.from({ length: 50 }, (_, n) => n));
    expect(client.text).not.toContain('id: 1\n');
  });

  it('waits for an interceptor that works before the handler', async () => {
    await start((app) => app.useGlobalInterceptors(intercept((stream) => timer(30).pipe(mergeMap(() => stream)))));
    const client = await streams.open('/burst');
    expect((await client.next('tick')).id).toBe('i-0');
    expect(client.headers['cache-control']).toBe('no-store, no-transform');
  });

  it('keeps the refusal of a handler a status behind an interceptor', async () => {
    await start((app) => app.useGlobalInterceptors(intercept((stream) => stream.pipe(tap()))));
    expect((await streams.open('/throws')).status).toBe(404);
    expect((await streams.open('/log', { lastEventId: 'malformed' })).status).toBe(400);
  });

  it('never subscribes a producer whose client went while the handler was at work', async () => {
    await start();
    const client = await streams.open('/pending');
    await client.next('stream.open');
    const closed = new Promise((resolve) => streams.app.get(SseConnections).closed.subscribe(resolve));
    await client.close();
    await closed;
    finishHandler?.();
    await new Promise((resolve) => setImmediate(resolve));
    expect(subscriptions).toBe(0);
  });

  it('releases a slot whose client goes before the stream is open', async () => {
    await start();
    const pending = streams.open('/pending').catch(() => undefined);
    const [request] = (await once(streams.server, 'request')) as [{ socket: { destroy(): void } }];
    request.socket.destroy();
    await pending;
    finishHandler?.();
    expect(streams.app.get(SseConnections).list()).toEqual([]);
  });
});

describe('sharing', () => {
  it('encodes a message once for all connections of its log, and reads it once', async () => {
    const streams = await startStreamApp({ controllers: [ContractController] });
    const clients = await Promise.all(Array.from({ length: 5 }, () => streams.open('/log')));
    await Promise.all(clients.map((client) => client.next('stream.open')));
    await new Promise((resolve) => setImmediate(resolve));
    let encodings = 0;
    let reads = 0;
    const readAfter = log.readAfter.bind(log);
    log.readAfter = (...args) => ((reads += 1), readAfter(...args));
    await log.append([{ event: 'shared', data: { toJSON: () => (encodings += 1) } }]);
    await Promise.all(clients.map((client) => client.next('shared')));
    expect([encodings, reads]).toEqual([1, 1]);
    await streams.close();
  });
});
