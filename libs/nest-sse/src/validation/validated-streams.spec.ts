import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Controller, Injectable, Logger } from '@nestjs/common';
import { IsInt } from 'class-validator';
import { of, Subject, type Observable } from 'rxjs';
import * as v from 'valibot';
import {
  defineEvents,
  InvalidMessageError,
  MemoryEventLog,
  SseChannels,
  SseOptionsError,
  SseStream,
  type EventLog,
  type EventsOf,
  type MessageValidation,
  type SseEvent,
  type SseSource,
} from '../index.js';
import { settle } from '../sse-options.js';
import { startStreamApp, type StreamApp } from '../testing/stream-app.js';

class PriceDto {
  @IsInt()
  cents!: number;
}

const checked = jest.fn<(value: unknown) => void>();
const events = defineEvents({
  price: PriceDto,
  tick: v.pipe(
    v.any(),
    v.check((value) => {
      checked(value);
      return typeof (value as { n?: unknown }).n === 'number';
    }, 'n is a number'),
  ),
});
type Events = EventsOf<typeof events>;

let log: MemoryEventLog<Events>;
let live: Subject<SseEvent<Events>>;

@Injectable()
class OneLog implements SseSource {
  open() {
    return log;
  }
}

@Controller()
class Streams {
  @SseStream('log', { source: OneLog, events })
  log(): EventLog<Events> {
    return log;
  }

  @SseStream('live', { events })
  live(): Observable<SseEvent<Events>> {
    return live;
  }

  @SseStream('broken', { events })
  broken(): Observable<SseEvent<Events>> {
    return of({ event: 'price', data: { cents: 0.5 } });
  }
}

const tick = (n: unknown) => ({ event: 'tick' as const, data: { n } });
const JSON_ONLY = { headers: { accept: 'application/json' } };

describe('messages that are not as their events were defined', () => {
  let streams: StreamApp;
  let failures: { code: string }[];
  let logged: string[];

  const start = async (validateMessages?: MessageValidation): Promise<void> => {
    log = new MemoryEventLog<Events>({ epoch: 'e' });
    live = new Subject();
    failures = [];
    checked.mockClear();
    streams = await startStreamApp({
      options: {
        ...(validateMessages && { validateMessages }),
        metrics: { failed: (failure) => failures.push(failure) },
      },
      controllers: [Streams],
      providers: [OneLog],
    });
    logged = [];
    streams.app.useLogger({
      log: () => undefined,
      warn: (text: string) => logged.push(`warn ${text}`),
      error: (text: string) => logged.push(`error ${text}`),
    });
  };

  afterEach(async () => {
    Logger.overrideLogger(false);
    await streams.close();
  });

  it('are sent from a log and told of once, whatever the mode, and a client resumes at them and past them', async () => {
    await start('error');
    await log.append([tick(1), tick('two'), tick(3)]);
    const clients = await Promise.all([streams.open('/log'), streams.open('/log')]);
    for (const client of clients) {
      const frames = await client.take(3);
      expect(frames.map(({ id }) => id)).toEqual(['e-1', 'e-2', 'e-3']);
    }
    for (const lastEventId of ['e-1', 'e-2']) {
      const client = await streams.open('/log', { lastEventId });
      expect((await client.until(({ id }) => id === 'e-3')).at(-1)?.id).toBe('e-3');
    }
    expect(logged).toEqual([
      'error Streams.log: The event "tick" is not as it was defined: data: n is a number. Its id is "e-2".',
    ]);
    expect(failures).toEqual([{ code: 'invalid_message' }]);
    expect(checked).toHaveBeenCalledTimes(3);
  });

  it('are told of where a page is asked for, too', async () => {
    await start('warn');
    await log.append([{ event: 'price', data: { cents: 0.5 } }]);
    const page = await (await streams.open('/log', JSON_ONLY)).json<{ events: unknown[] }>();
    expect(page.events).toHaveLength(1);
    expect(logged).toEqual([expect.stringContaining('data.cents: cents must be an integer number')]);
  });

  it('are sent from an Observable in mode warn, checked once for all connections', async () => {
    await start('warn');
    const clients = await Promise.all([1, 2, 3].map(() => streams.open('/live')));
    for (const client of clients) await client.next('stream.open');
    live.next(tick('x'));
    for (const client of clients) expect((await client.next('tick')).data).toMatchObject({ n: 'x' });
    expect(checked).toHaveBeenCalledTimes(1);
    expect(logged).toHaveLength(1);
  });

  it('end the stream of an Observable in mode error, before they are sent', async () => {
    await start('error');
    const client = await streams.open('/broken');
    expect((await client.next('stream.close')).data).toMatchObject({ reason: 'overloaded' });
    expect(client.frames.map(({ event }) => event)).not.toContain('price');
    expect(logged.join()).toContain('Streams.broken');
  });

  it('are refused by a channel in mode error, and no reader ever meets them', async () => {
    await start('error');
    const channel = streams.app.get(SseChannels).get('prices', events);
    await channel.publish(tick(1));
    await expect(channel.publish(tick('two'))).rejects.toThrow(InvalidMessageError);
    await expect(channel.publish({ event: 'prise', data: {} } as never)).rejects.toMatchObject({
      code: 'invalid_message',
    });
    const third = tick(3);
    const published = channel.publish(third);
    // What becomes of the caller's object while it waits to be checked is no concern of the channel's.
    Object.assign(third.data, { n: 4 });
    await published;
    const { events: kept } = await channel.log.readAfter(undefined, 10);
    expect(kept.map(({ data }) => (data as { n: unknown }).n)).toEqual([1, 3]);
  });

  it('are told of by a channel in mode warn', async () => {
    await start('warn');
    const channel = streams.app.get(SseChannels).get('prices', events);
    await channel.publish(tick('two'));
    expect(logged).toEqual([expect.stringMatching(/^error The channel prices: The event "tick"/)]);
  });

  it('are nobody’s business in mode off', async () => {
    await start('off');
    await log.append([tick('two')]);
    await streams.app.get(SseChannels).get('prices', events).publish(tick('two'));
    const client = await streams.open('/log');
    await client.next('tick');
    expect(checked).not.toHaveBeenCalled();
    expect([logged, failures]).toEqual([[], []]);
  });
});

describe('the option validateMessages', () => {
  const NODE_ENV = process.env['NODE_ENV'];
  afterEach(() => {
    process.env['NODE_ENV'] = NODE_ENV;
  });

  it.each([
    ['production', 'off'],
    ['development', 'warn'],
    ['test', 'warn'],
  ])('is by default, where NODE_ENV is %s, %s', (env, mode) => {
    process.env['NODE_ENV'] = env;
    expect(settle().validateMessages).toBe(mode);
    expect(settle({ validateMessages: 'error' }).validateMessages).toBe('error');
  });

  it('takes no other value', () => {
    expect(() => settle({ validateMessages: true as never })).toThrow(SseOptionsError);
  });
});
