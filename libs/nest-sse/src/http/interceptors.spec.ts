import { afterEach, describe, expect, it } from '@jest/globals';
import {
  Controller,
  ForbiddenException,
  type CallHandler,
  type ExecutionContext,
  type INestApplication,
  type LoggerService,
  type NestInterceptor,
} from '@nestjs/common';
import { instanceToPlain } from 'class-transformer';
import {
  concat,
  from,
  lastValueFrom,
  map,
  mergeMap,
  NEVER,
  of,
  repeat,
  share,
  takeUntil,
  throwError,
  timeout,
  timer,
  toArray,
  type Observable,
} from 'rxjs';
import { isSseRoute, MemoryEventLog, SseConnections, SseStream, type EventLog, type SseEvent } from '../index.js';
import { ADAPTERS, startStreamApp, type StreamApp } from '../testing/stream-app.js';

const tick = (n: number) => ({ event: 'tick', id: `i-${n}`, data: { n } });

@Controller()
class InterceptedController {
  @SseStream('live')
  live(): Observable<SseEvent> {
    return concat(of(tick(1), tick(2)), NEVER);
  }

  @SseStream('ending')
  ending(): Observable<SseEvent> {
    return of(tick(1), tick(2));
  }

  @SseStream('log')
  log(): EventLog {
    return new MemoryEventLog();
  }
}

type Change = (
  stream: Observable<unknown>,
  context: ExecutionContext,
) => Observable<unknown> | Promise<Observable<unknown>>;

const intercept = (change: Change): NestInterceptor => ({
  intercept: (context: ExecutionContext, next: CallHandler) => change(next.handle(), context),
});

class Recorder implements LoggerService {
  readonly errors: string[] = [];
  log = (): void => undefined;
  warn = (): void => undefined;
  error = (message: unknown): void => void this.errors.push(String(message));
}

describe.each(ADAPTERS)('an interceptor of a stream on %s', (platform) => {
  let streams: StreamApp;
  let logger: Recorder;
  const start = async (change: Change): Promise<void> => {
    logger = new Recorder();
    const prepare = (app: INestApplication): void => void app.useGlobalInterceptors(intercept(change));
    streams = await startStreamApp({ platform, controllers: [InterceptedController], logger, prepare });
  };
  afterEach(() => streams.close());

  const advice = (deed: string) =>
    expect.stringMatching(new RegExp(`InterceptedController\\.\\w+ ${deed}.*isSseRoute\\(context.getHandler\\(\\)\\)`));

  const received = async (path: string): Promise<unknown[]> => {
    const client = await streams.open(path);
    return (await client.take(2)).map(({ id, data }) => [id, data.n]);
  };
  const BOTH = [
    ['i-1', 1],
    ['i-2', 2],
  ];

  it.each<[string, Change]>([
    ['works before the handler', (stream) => timer(10).pipe(mergeMap(() => stream))],
    ['is asynchronous', async (stream) => (await Promise.resolve(), stream)],
    ['shares what it gets', (stream) => stream.pipe(share())],
    ['stands aside for streams', (stream, context) => (isSseRoute(context.getHandler()) ? stream : of('envelope'))],
    ['times the handler out', (stream) => stream.pipe(timeout(30))],
    ['ends in time', (stream) => stream.pipe(takeUntil(timer(30)))],
    ['waits for the result', async (stream) => of(await lastValueFrom(stream))],
    ['serializes the result', (stream) => stream.pipe(map((data) => instanceToPlain(data)))],
  ])('that %s changes nothing', async (_, change) => {
    await start(change);
    expect(await received('/live')).toEqual(BOTH);
    expect(logger.errors).toEqual([]);
  });

  it.each<[string, Change]>([
    ['wraps each result in an envelope', (stream) => stream.pipe(map((data) => ({ data })))],
    ['waits for its last value', async (stream) => of({ data: await lastValueFrom(stream) })],
    ['collects its values', (stream) => stream.pipe(toArray())],
    ['adds a value', (stream) => concat(stream, of({ data: 'last' }))],
  ])('that %s is told once in the log, and the stream goes on', async (_, change) => {
    await start(change);
    expect(await received('/live')).toEqual(BOTH);
    expect(await received('/live')).toEqual(BOTH);
    expect(logger.errors).toEqual([advice('makes .* of what the handler returned')]);
    expect(streams.app.get(SseConnections).list()).toHaveLength(2);
  });

  it('that fails on what it gets does not reach the client', async () => {
    await start((stream) => stream.pipe(map((data) => (data as { total: number }).total)));
    const client = await streams.open('/live');
    await client.take(2);
    await client.reconnect().then((again) => again.next('stream.open'));
    expect(client.text).not.toContain('statusCode');
    expect(client.frames.map(({ event }) => event)).toEqual(['stream.open', 'tick', 'tick']);
  });

  it.each<[string, Change]>([
    ['answers in its place', () => of({ data: { cached: true } })],
    ['answers in its place, later', () => from(Promise.resolve({ data: { cached: true } }))],
  ])('that %s is told in the log, and the client comes back', async (_, change) => {
    await start(change);
    const client = await streams.open('/live');
    await client.ended();
    expect(client.status).toBe(200);
    expect(client.headers['content-type']).toBe('text/event-stream');
    expect(client.frames).toMatchObject([{ event: 'stream.close', data: { reason: 'overloaded' } }]);
    expect(client.text).not.toContain('cached');
    expect(logger.errors).toEqual([advice('answers .* in its place')]);
    expect(streams.app.get(SseConnections).list()).toEqual([]);
  });

  it('that refuses is answered by its status', async () => {
    await start(() => throwError(() => new ForbiddenException('not today')));
    const client = await streams.open('/live');
    expect(client.status).toBe(403);
    expect(await client.json()).toMatchObject({ message: 'not today' });
    expect(logger.errors).toEqual([]);
  });

  it('leaves a stream that ends at once whole', async () => {
    await start((stream) => concat(stream, of(1)));
    const client = await streams.open('/ending');
    await client.ended();
    expect(client.frames.map(({ event }) => event)).toEqual(['stream.open', 'tick', 'tick', 'stream.close']);
    expect(client.frames.at(-1)?.data.reason).toBe('complete');
  });

  it('that repeats it serves it once', async () => {
    await start((stream) => stream.pipe(repeat(3)));
    const client = await streams.open('/ending');
    await client.ended();
    expect(client.frames.map(({ event }) => event)).toEqual(['stream.open', 'tick', 'tick', 'stream.close']);
  });

  it('that replaces it answers HEAD with the headers alone', async () => {
    await start(() => of({ data: 'first' }));
    const client = await streams.open('/live', { method: 'HEAD' });
    expect([client.status, await client.body()]).toEqual([200, '']);
  });
});
