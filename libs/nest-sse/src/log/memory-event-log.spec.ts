import { describe, expect, it } from '@jest/globals';
import { encodeFrame, FrameError } from '@throughline/sse-protocol';
import fc from 'fast-check';
import { registerEventLogTests, TestClock } from '../testing/index.js';
import { EventLogEndedError, MemoryEventLog } from './memory-event-log.js';

const message = (n: number) => ({ event: 'tick', data: { n } });

registerEventLogTests('MemoryEventLog', () => {
  const log = new MemoryEventLog({ epoch: 'e1', maxMessages: 100 });
  return {
    log,
    message,
    end: () => log.end(),
    trimBefore: (n) => {
      while (log['trimmedCount'] < n - 1) log['window']['dropOldest']();
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

  it('counts the bytes of names and of data as they are sent', async () => {
    const log = new MemoryEventLog();
    await log.append([{ event: 'price', data: { symbol: 'Ä', cents: 7 } }]);
    const bytes = 'price'.length + Buffer.byteLength('{"symbol":"Ä","cents":7}');
    expect(log.size).toEqual({ messages: 1, bytes });
  });

  it('keeps as many bytes as it may', async () => {
    const log = new MemoryEventLog({ maxBytes: 100, epoch: 'e' });
    for (let n = 1; n <= 9; n += 1) await log.append([{ event: 'text', data: 'x'.repeat(24) }]);
    expect(log.size).toEqual({ messages: 3, bytes: 90 });
    expect((await log.readAfter('e-5', 10)).gap).toMatchObject({ reason: 'trimmed', to: 'e-6' });
  });

  it('keeps the newest message, however large', async () => {
    const log = new MemoryEventLog({ maxBytes: 10, epoch: 'e' });
    await log.append([message(1)]);
    await log.append([{ event: 'text', data: 'x'.repeat(1000) }]);
    expect((await log.readAfter('e-1', 10)).events.map(({ id }) => id)).toEqual(['e-2']);
    await log.append([{ event: 't', data: 1 }]);
    expect(log.size).toEqual({ messages: 1, bytes: 2 });
  });

  it('trims what is too old, with no timer', async () => {
    const clock = new TestClock();
    const log = new MemoryEventLog({ maxAgeMs: 1000, epoch: 'e', clock });
    await log.append([message(1)]);
    clock.advance(999);
    await log.append([message(2)]);
    expect((await log.readAfter(undefined, 10)).events).toHaveLength(2);
    clock.advance(1);
    expect((await log.readAfter(undefined, 10)).gap).toMatchObject({ reason: 'trimmed', to: 'e-1' });
    expect(log.size.messages).toBe(1);
    clock.advance(999);
    expect(log.size).toEqual({ messages: 0, bytes: 0 });
    expect(await log.readAfter('e-1', 10)).toMatchObject({ events: [], cursor: 'e-2', gap: { to: 'e-2' } });
    expect((await log.readAfter('e-2', 10)).gap).toBeUndefined();
    expect(clock['timers']).toEqual([]);
  });

  it('keeps exactly what its bounds allow, whatever is appended', async () => {
    const step = fc.record({ text: fc.string({ maxLength: 30 }), waitMs: fc.integer({ min: 0, max: 40 }) });
    const steps = fc.array(step, { maxLength: 60, size: 'max' });
    const bounds = fc.record({
      maxMessages: fc.integer({ min: 1, max: 20 }),
      maxBytes: fc.oneof(fc.constant(Infinity), fc.integer({ min: 1, max: 300 })),
      maxAgeMs: fc.oneof(fc.constant(Infinity), fc.integer({ min: 1, max: 200 })),
    });
    await fc.assert(
      fc.asyncProperty(bounds, steps, async (bound, all) => {
        const clock = new TestClock();
        const log = new MemoryEventLog({ ...bound, clock, epoch: 'e' });
        let model: { text: string; bytes: number; atMs: number }[] = [];
        const sum = () => model.reduce((total, { bytes }) => total + bytes, 0);
        for (const { text, waitMs } of all) {
          clock.advance(waitMs);
          await log.append([{ event: 't', data: text }]);
          model.push({ text, bytes: 1 + Buffer.byteLength(JSON.stringify(text)), atMs: clock.now() });
          while (model.length > 1 && (model.length > bound.maxMessages || sum() > bound.maxBytes)) model.shift();
          model = model.filter(({ atMs }) => atMs > clock.now() - bound.maxAgeMs);
          expect(log.size).toEqual({ messages: model.length, bytes: sum() });
          const { events } = await log.readAfter(undefined, 100);
          expect(events.map(({ data }) => data)).toEqual(model.map((kept) => kept.text));
          // What was trimmed is let go of.
          expect(log['window']['messages'].length).toBeLessThanOrEqual(2 * model.length + 1);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('refuses what no stream could send, and then appends nothing', async () => {
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    for (const maxBytes of [1000, Infinity]) {
      const log = new MemoryEventLog({ maxBytes });
      for (const data of [undefined, () => 1, 1n, cyclic]) {
        await expect(log.append([message(1), { event: 'tick', data }])).rejects.toThrow(FrameError);
        expect(() => encodeFrame({ event: 'tick', data })).toThrow(FrameError);
      }
      for (const event of ['a\nb', 'a:b', 'stream.close']) {
        await expect(log.append([message(1), { event, data: 1 }])).rejects.toThrow(FrameError);
      }
      expect(log.size).toEqual({ messages: 0, bytes: 0 });
    }
  });

  it('keeps data as it was when it was appended, as JSON has it', async () => {
    const log = new MemoryEventLog();
    const data = { n: 1, at: new Date(0), nothing: undefined };
    await log.append([{ event: 'tick', data }]);
    data.n = 2;
    const { events } = await log.readAfter(undefined, 10);
    expect(events.map((kept) => kept.data)).toEqual([{ n: 1, at: '1970-01-01T00:00:00.000Z' }]);
  });

  it('hints once for all that is appended in one go, before an append has resolved', async () => {
    const log = new MemoryEventLog({ epoch: 'e' });
    const hints: string[] = [];
    log.changes.subscribe((cursor) => hints.push(cursor));
    for (let n = 1; n < 100; n += 1) void log.append([message(n)]);
    await log.append([message(100)]);
    expect(hints).toEqual(['e-100']);
    await log.append([message(101)]);
    expect(hints).toEqual(['e-100', 'e-101']);
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
    expect(() => new MemoryEventLog({ maxMessages: Infinity })).toThrow(RangeError);
    expect(() => new MemoryEventLog({ maxBytes: 1.5 })).toThrow('maxBytes is a whole number from 1, or Infinity');
    expect(() => new MemoryEventLog({ maxAgeMs: -1 })).toThrow(RangeError);
    expect(() => new MemoryEventLog({ epoch: 'a-b' })).toThrow(RangeError);
  });
});
