import { describe, expect, it } from '@jest/globals';
import { NEVER, of, type Observable } from 'rxjs';
import {
  defineEvents,
  MemoryEventLog,
  payload,
  SseChannels,
  SseStream,
  type EventLog,
  type EventsOf,
  type MergedLog,
  type SseEvent,
} from './index.js';
import { settle } from './sse-options.js';

interface Prices {
  price: { symbol: string; cents: number };
  halt: { symbol: string };
}

/**
 * What the compiler is to accept and to refuse. Each line after an expect-error fails the type check of the specs if it
 * ever compiles.
 */
describe('a typed map of events', () => {
  it('is checked where messages are published, appended and returned', async () => {
    const channel = new SseChannels(settle()).get<Prices>('prices');
    await channel.publish({ event: 'price', data: { symbol: 'A', cents: 1 } });
    // @ts-expect-error -- no such event
    await channel.publish({ event: 'prise', data: { symbol: 'A', cents: 1 } });
    // @ts-expect-error -- the data of another event
    await channel.publish({ event: 'price', data: { symbol: 'A' } });

    const log = new MemoryEventLog<Prices>();
    // @ts-expect-error -- a field of the wrong type
    await log.append([{ event: 'price', data: { symbol: 'A', cents: '1' } }]);
    const { events } = await log.readAfter(undefined, 1);
    const [message] = events;
    const cents: number | undefined = message?.event === 'price' ? message.data.cents : undefined;
    expect(cents).toBe('1');
    // @ts-expect-error -- only `price` has cents: the union is told apart by its event
    expect(message?.data.cents).toBeDefined();
  });

  it('is checked at the handler', () => {
    class PricesController {
      @SseStream()
      observable(): Observable<SseEvent<Prices>> {
        return of({ event: 'price', data: { symbol: 'A', cents: 1 } });
      }

      @SseStream('log')
      log(): EventLog<Prices> {
        return new MemoryEventLog<Prices>();
      }

      @SseStream('promise')
      async promise(_id: string, _n: number): Promise<Observable<SseEvent<Prices>>> {
        return NEVER;
      }

      // @ts-expect-error -- a handler streams messages, not bare values
      @SseStream('bare')
      bare(): Observable<number> {
        return of(1);
      }

      // @ts-expect-error -- and it streams something
      @SseStream('nothing')
      nothing(): void {}

      wrong(): Observable<SseEvent<Prices>> {
        // @ts-expect-error -- no such event
        return of({ event: 'prise', data: { symbol: 'A', cents: 1 } });
      }
    }
    expect(new PricesController().log()).toBeInstanceOf(MemoryEventLog);
  });
  it('reaches latestBy and merged channels from what the route streams', () => {
    const events = defineEvents({ price: payload<Prices['price']>(), halt: payload<Prices['halt']>() });
    const channels = new SseChannels(settle());
    class PricesController {
      @SseStream('prices', { events, latestBy: ({ event, data }) => `${event} ${data.symbol}` })
      prices(): Observable<SseEvent<EventsOf<typeof events>>> {
        return NEVER;
      }

      // @ts-expect-error -- not each of the events has cents
      @SseStream('cents', { events, latestBy: ({ data }) => String(data.cents) })
      cents(): Observable<SseEvent<EventsOf<typeof events>>> {
        return NEVER;
      }

      @SseStream('merged', { events })
      merged(): MergedLog<EventsOf<typeof events>> {
        return channels.merge(['a', 'b'], events);
      }
    }
    expect(new PricesController().merged()).toBe(channels.merge(['b', 'a']));
    channels.onModuleDestroy();
  });
});
