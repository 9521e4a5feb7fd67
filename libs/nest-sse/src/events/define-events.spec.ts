import { describe, expect, it } from '@jest/globals';
import { NEVER, of, type Observable } from 'rxjs';
import * as v from 'valibot';
import { z } from 'zod';
import {
  defineEvents,
  EventDefinitionError,
  MemoryEventLog,
  payload,
  SseChannels,
  SseStream,
  type EventLog,
  type EventsOf,
  type SseEvent,
} from '../index.js';
import { settle } from '../sse-options.js';

class PriceDto {
  symbol!: string;
  cents!: number;
}

const priceEvents = defineEvents({
  price: PriceDto,
  halt: v.object({ symbol: v.string() }),
  resume: z.object({ at: z.number() }),
  volume: { schema: v.object({ shares: v.number() }), jsonSchema: { type: 'object' } },
  note: payload<{ text: string }>({ type: 'object' }),
  other: { type: 'string' },
});
type PriceEvents = EventsOf<typeof priceEvents>;

/** Whether two types are the same, for the compiler. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

describe('defineEvents', () => {
  it('gives each event the type that its definition stands for', () => {
    const same: [
      Same<PriceEvents['price'], PriceDto>,
      Same<PriceEvents['halt'], { symbol: string }>,
      Same<PriceEvents['resume'], { at: number }>,
      Same<PriceEvents['volume'], { shares: number }>,
      Same<PriceEvents['note'], { text: string }>,
      Same<PriceEvents['other'], unknown>,
      Same<keyof PriceEvents, 'price' | 'halt' | 'resume' | 'volume' | 'note' | 'other'>,
    ] = [true, true, true, true, true, true, true];
    expect(same).not.toContain(false);
    expect(Object.keys(priceEvents)).toEqual(['price', 'halt', 'resume', 'volume', 'note', 'other']);
  });

  it('types what a schema accepts, not what it makes of it', () => {
    const events = defineEvents({ tick: v.object({ n: v.pipe(v.string(), v.transform(Number)) }) });
    const same: Same<EventsOf<typeof events>['tick'], { n: string }> = true;
    expect(same).toBe(true);
  });

  it('holds handlers to the events of their route', () => {
    class PricesController {
      @SseStream('observable', { events: priceEvents })
      observable(): Observable<SseEvent<PriceEvents>> {
        return of({ event: 'price', data: { symbol: 'A', cents: 1 } });
      }

      @SseStream('inferred', { events: priceEvents })
      inferred() {
        return of({ event: 'halt' as const, data: { symbol: 'A' } });
      }

      @SseStream('log', { events: priceEvents })
      async log(_id: string): Promise<EventLog<PriceEvents>> {
        return new MemoryEventLog<PriceEvents>();
      }

      @SseStream('fewer', { events: priceEvents })
      fewer(): EventLog<Pick<PriceEvents, 'price'>> {
        return new MemoryEventLog<Pick<PriceEvents, 'price'>>();
      }

      // @ts-expect-error -- no such event
      @SseStream('name', { events: priceEvents })
      name() {
        return of({ event: 'prise' as const, data: { symbol: 'A', cents: 1 } });
      }

      // @ts-expect-error -- the data of another event
      @SseStream('data', { events: priceEvents })
      data() {
        return of({ event: 'price' as const, data: { symbol: 'A' } });
      }

      // @ts-expect-error -- the log of something else
      @SseStream('foreign', { events: priceEvents })
      foreign(): EventLog<{ tick: { n: number } }> {
        return new MemoryEventLog<{ tick: { n: number } }>();
      }

      @SseStream('undefined-events')
      anything(): Observable<SseEvent> {
        return NEVER;
      }
    }
    expect(new PricesController().fewer()).toBeInstanceOf(MemoryEventLog);
  });

  it('types a channel', async () => {
    const channel = new SseChannels(settle()).get('prices', priceEvents);
    await channel.publish({ event: 'price', data: { symbol: 'A', cents: 1 } });
    await channel.publish({ event: 'note', data: { text: 'x' } });
    // @ts-expect-error -- the data of another event
    await channel.publish({ event: 'halt', data: { cents: 1 } });
    // @ts-expect-error -- no such event
    await channel.publish({ event: 'prise', data: {} });
    expect((await channel.log.tail()).cursor).toMatch(/-4$/);
  });

  it('refuses what is no definition, for the compiler and at run time', () => {
    // @ts-expect-error -- a name is no definition
    expect(() => defineEvents({ price: 'PriceDto' })).toThrow(EventDefinitionError);
    // @ts-expect-error -- nor is nothing: an import cycle, perhaps
    expect(() => defineEvents({ price: undefined })).toThrow('The event "price" is a class, a schema or a JSON Schema');
  });

  it.each(['stream.open', 'stream.mine', '', 'two words', 'a:b', 'line\nbreak', 'größe'])(
    'refuses the name %j, which no stream could send',
    (name) => {
      expect(() => defineEvents({ [name]: PriceDto })).toThrow(EventDefinitionError);
    },
  );

  it('cannot be changed afterwards', () => {
    expect(Object.isFrozen(priceEvents)).toBe(true);
  });
});
