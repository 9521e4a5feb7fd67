import { afterEach, describe, expect, it } from '@jest/globals';
import {
  Controller,
  type CallHandler,
  type ExecutionContext,
  type INestApplication,
  type LoggerService,
  type NestInterceptor,
} from '@nestjs/common';
import {
  concat,
  concatMap,
  defaultIfEmpty,
  delay,
  EMPTY,
  from,
  lastValueFrom,
  map,
  merge,
  mergeMap,
  NEVER,
  of,
  repeat,
  share,
  startWith,
  switchMap,
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

  it.each<[string, Change]>([
    ['wraps each answer', (stream) => stream.pipe(map((data) => ({ data })))],
    ['works before the handler', (stream) => timer(10).pipe(mergeMap(() => stream))],
    ['is asynchronous', async (stream) => (await Promise.resolve(), stream)],
    ['shares the stream', (stream) => stream.pipe(share())],
    ['waits for its last value', async (stream) => of({ data: await lastValueFrom(stream) })],
    ['stands aside for streams', (stream, context) => (isSseRoute(context.getHandler()) ? stream : of('envelope'))],
  ])('that %s changes nothing', async (_, change) => {
    await start(change);
    const client = await streams.open('/live');
    expect((await client.take(2)).map(({ id, data }) => [id, data.n])).toEqual([
      ['i-1', 1],
      ['i-2', 2],
    ]);
    expect(logger.errors).toEqual([]);
  });

  it.each<[string, string, Change]>([
    ['puts a value before it', 'emitted', (stream) => stream.pipe(startWith({ data: 'first' }))],
    ['puts another stream before it', 'emitted', (stream) => concat(of({ data: 'first' }), stream)],
    ['answers in its place', 'emitted', () => of({ data: { cached: true } })],
    ['answers in its place, later', 'emitted', () => from(Promise.resolve({ data: { cached: true } }))],
    ['answers with nothing in its place', 'ended its stream', () => EMPTY],
    ['mixes values into it', 'emitted', (stream) => merge(stream, timer(30).pipe(map(() => ({ data: 'mixed' }))))],
    ['times it out', 'ended its stream', (stream) => stream.pipe(timeout(30))],
    ['ends it', 'ended its stream', (stream) => stream.pipe(takeUntil(timer(30)))],
    [
      'fails it',
      'failed its stream',
      (stream) => merge(stream, timer(30).pipe(concatMap(() => throwError(() => new Error('secret'))))),
    ],
    [
      'leaves it for another',
      'ended its stream',
      (stream) => timer(0, 40).pipe(switchMap((n) => (n === 0 ? stream : EMPTY))),
    ],
  ])('that %s is told in the log, and the client comes back', async (_, deed, change) => {
    await start(change);
    const client = await streams.open('/live');
    await client.ended();
    expect(client.status).toBe(200);
    expect(client.frames.at(-1)).toMatchObject({
      event: 'stream.close',
      data: { reason: 'overloaded', retryAfterMs: expect.any(Number) },
    });
    expect(client.frames.filter(({ event }) => !event.startsWith('stream.')).map(({ event }) => event)).toEqual(
      client.frames.some(({ event }) => event === 'stream.open') ? ['tick', 'tick'] : [],
    );
    expect(['', 'i-2']).toContain(client.lastEventId);
    expect(client.text).not.toMatch(/first|cached|mixed|secret|event: error/);
    expect(logger.errors.filter((line) => line.includes('An interceptor'))).toEqual([advice(deed)]);
    expect(streams.app.get(SseConnections).list()).toEqual([]);
  });

  it.each<[string, Change]>([
    ['collects its values', (stream) => stream.pipe(toArray())],
    ['has a value where there is none', (stream) => stream.pipe(defaultIfEmpty({ data: undefined }))],
    ['adds a value at the end', (stream) => concat(stream, of({ data: 'last' }))],
    ['holds the end back', (stream) => concat(stream, NEVER)],
    ['ends later', (stream) => concat(stream, of(1).pipe(delay(20)))],
  ])('that %s neither reaches the client nor keeps it', async (_, change) => {
    await start(change);
    const client = await streams.open('/ending');
    await client.ended();
    expect(client.frames.map(({ event }) => event)).toEqual(['stream.open', 'tick', 'tick', 'stream.close']);
    expect(client.frames.at(-1)?.data.reason).toBe('complete');
    expect(client.text).not.toContain('last');
    expect(logger.errors).toEqual([]);
  });

  it('that repeats it serves it once', async () => {
    await start((stream) => stream.pipe(repeat()));
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
