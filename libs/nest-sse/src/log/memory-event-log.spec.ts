import { describe, expect, it } from '@jest/globals';
import { registerEventLogTests } from '../testing/index.js';
import { EventLogEndedError, MemoryEventLog } from './memory-event-log.js';

const message = (n: number) => ({ event: 'tick', data: { n } });

registerEventLogTests('MemoryEventLog', () => {
  const log = new MemoryEventLog({ epoch: 'e1', maxMessages: 100 });
  return {
    log,
    message,
    end: () => log.end(),
    trimBefore: async (n) => {
      const appended = Number((await log.tail()).cursor.split('-')[1]);
      Object.assign(log, { maxMessages: appended - n + 1 });
      log['trim']();
    },
    cursorAhead: 'e1-1000',
    cursorOfAnotherEpoch: 'e0-2',
    malformedCursors: ['1', 'e1', 'e1-', 'e1-01', 'e1--1', 'e1-1x', '-5'],
  };
});

describe('MemoryEventLog', () => {
  it('keeps the newest messages only', async () => {
    const log = new MemoryEventLog({ maxMessages: 3, epoch: 'e' });
    for (let n = 1; n <= 50; n += 1) {
      await log.append([message(n)]);
      const { events, gap } = await log.readAfter(undefined, 500);
      expect(events.map(({ id }) => id)).toEqual(
        [n - 2, n - 1, n].filter((offset) => offset > 0).map((offset) => `e-${offset}`),
      );
      expect(gap?.to).toBe(n > 3 ? `e-${n - 3}` : undefined);
    }
  });

  it('trims a batch that is larger than what it keeps', async () => {
    const log = new MemoryEventLog({ maxMessages: 2, epoch: 'e' });
    await log.append([1, 2, 3, 4, 5].map(message));
    expect((await log.readAfter('e-3', 10)).events.map(({ data }) => data)).toEqual([{ n: 4 }, { n: 5 }]);
  });

  it('has an epoch of its own in each life, so that old cursors are not taken for new ones (trap 2)', async () => {
    const before = new MemoryEventLog();
    const after = new MemoryEventLog();
    const old = await before.append([message(1)]);
    await after.append([message(1)]);
    expect((await after.readAfter(old, 10)).gap?.reason).toBe('epoch');
  });

  it('refuses to append after its end, and goes on after a reopening', async () => {
    const log = new MemoryEventLog();
    log.end();
    await expect(log.append([message(1)])).rejects.toThrow(EventLogEndedError);
    log.reopen();
    await log.append([message(1)]);
    expect((await log.tail()).ended).toBe(false);
  });

  it('refuses bounds and epochs that make no sense', () => {
    expect(() => new MemoryEventLog({ maxMessages: 0 })).toThrow(RangeError);
    expect(() => new MemoryEventLog({ epoch: 'a-b' })).toThrow(RangeError);
  });
});
