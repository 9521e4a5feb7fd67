import { describe, expect, it } from '@jest/globals';
import {
  filterLog,
  MemoryEventLog,
  mergeLogs,
  SseChannels,
  SseStream,
  type EventLog,
  type LogEvents,
} from '../index.js';
import { settle } from '../sse-options.js';

interface Prices {
  price: { symbol: string; cents: number };
  note: { text: string };
}

interface News {
  headline: { title: string };
  note: { author: string };
}

type DataOf<M, K> = Extract<M, { event: K; data: unknown }>['data'];

/** What the compiler is to accept and to refuse: each line after an expect-error fails the type check if it compiles. */
describe('the events of merged and filtered logs', () => {
  const prices = new MemoryEventLog<Prices>();
  const news: EventLog<News> = new MemoryEventLog<News>();

  it('are those of all logs together', async () => {
    await prices.append([{ event: 'price', data: { symbol: 'A', cents: 7 } }]);
    const { events } = await mergeLogs({ prices, news }).readAfter(undefined, 10);
    const [message] = events;
    const cents: number | undefined = message?.event === 'price' ? message.data.cents : undefined;
    expect(cents).toBe(7);
    const headline: DataOf<typeof message, 'headline'> = { title: 'T' };
    // Of either shape, where two logs have events of one name.
    const notes: DataOf<typeof message, 'note'>[] = [{ text: 'x' }, { author: 'Ann' }];
    // @ts-expect-error -- of neither
    const wrong: DataOf<typeof message, 'note'> = { title: 'T' };
    expect([headline, notes, wrong]).toBeDefined();
    // @ts-expect-error -- in none of the logs
    expect(message?.event === 'rumour').toBe(false);
    const untyped = await mergeLogs({ prices, other: new MemoryEventLog() }).readAfter(undefined, 10);
    // @ts-expect-error -- of a log without a map of events nothing is known
    expect(untyped.events[0]?.data.cents).toBe(7);
  });

  it('are those that are kept', async () => {
    const kept = filterLog(prices, { events: ['price'] });
    const { events } = await kept.readAfter(undefined, 10);
    expect(events[0]?.data.cents).toBe(7);
    // @ts-expect-error -- left out
    expect(events[0]?.event === 'note').toBe(false);
    // @ts-expect-error -- no such event
    expect(filterLog(prices, { events: ['prise'] })).toBeDefined();
    const nested = filterLog(mergeLogs({ prices, news }), { events: ['headline', 'price'] });
    const map: LogEvents<typeof nested> = { price: { symbol: 'A', cents: 1 }, headline: { title: 'T' } };
    expect(map).toBeDefined();
    expect(filterLog(new MemoryEventLog(), { events: ['whatever'] })).toBeDefined();
  });

  it('cannot be appended to, and can be streamed', () => {
    const merged = mergeLogs({ prices, news });
    // @ts-expect-error -- one appends to the logs that are merged
    expect(merged.append).toBeUndefined();
    class FeedController {
      @SseStream()
      merged() {
        return merged;
      }

      @SseStream('filtered')
      filtered() {
        return filterLog(merged, { events: ['price'] });
      }

      @SseStream('channels')
      channels() {
        return new SseChannels(settle()).merge<Prices & News>(['prices', 'news']);
      }
    }
    expect(new FeedController().merged()).toBe(merged);
  });
});
