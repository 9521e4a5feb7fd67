import { describe, expect, it } from '@jest/globals';
import { isCursor, type Cursor, type Message, type NewMessage } from '@throughline/sse-protocol';
import fc from 'fast-check';
import { registerEventLogTests } from '../testing/index.js';
import type { LogPage } from './event-log.js';
import { filterLog } from './filtered-log.js';
import { MemoryEventLog } from './memory-event-log.js';
import { encodePlace, joinPlaces, keyOf, MergedCursorError } from './merged-cursor.js';
import { mergeLogs, MergedLog } from './merged-log.js';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const message = (n: number) => ({ event: 'tick', data: { n, timestamp: at(n) } });
const numbers = (events: readonly Message[]) => events.map(({ data }) => (data as { n: number }).n);
const cursorOf = (places: Record<string, Cursor>) =>
  joinPlaces(Object.entries(places).map(([name, cursor]) => encodePlace(keyOf(name), cursor)));

registerEventLogTests('MergedLog', () => {
  const a = new MemoryEventLog({ epoch: 'A' });
  const b = new MemoryEventLog({ epoch: 'B' });
  const merged = mergeLogs({ a, b });
  let batches = 0;
  const append = async (events: readonly NewMessage[]): Promise<Cursor> => {
    batches += events.length > 0 ? 1 : 0;
    await (batches % 2 === 1 ? a : b).append(events);
    return (await merged.tail()).cursor;
  };
  return {
    // Batches go to the logs by turns.
    log: Object.assign(Object.create(merged), { append }) as MergedLog & { append: typeof append },
    message,
    end: () => [a, b].forEach((log) => log.end()),
    trimBefore: (n) => trimBefore(a, n),
    cursorAhead: cursorOf({ a: 'A-1000', b: 'B-0' }),
    cursorOfAnotherEpoch: cursorOf({ a: 'X-2', b: 'B-0' }),
    malformedCursors: ['A-1', 'm!', cursorOf({ a: '1' }), `${cursorOf({ a: 'A-1' })} `],
  };
});

function trimBefore(log: MemoryEventLog, n: number): void {
  while (log['trimmedCount'] < n - 1) log['window']['dropOldest']();
}

describe('MergedLog', () => {
  it('interleaves history by the time that messages tell', async () => {
    const a = new MemoryEventLog();
    const b = new MemoryEventLog();
    await a.append([1, 4, 5, 9].map(message));
    await b.append([2, 3, 7].map(message));
    const merged = mergeLogs({ a, b });
    for (const limit of [1, 2, 3, 10]) {
      const seen: number[] = [];
      for (let cursor: Cursor | undefined, more = true; more;) {
        const page = await merged.readAfter(cursor, limit);
        seen.push(...numbers(page.events));
        ({ cursor, more } = page);
      }
      expect(seen).toEqual([1, 2, 3, 4, 5, 7, 9]);
    }
  });

  it('waits for what is earlier in a log that gives less at a time than is asked for', async () => {
    const [slow, b] = [new ShortPages(), new MemoryEventLog()];
    await slow.append([1, 2, 3].map(message));
    await b.append([4, 5].map(message));
    const merged = mergeLogs({ slow, b });
    const first = await merged.readAfter(undefined, 10);
    expect([numbers(first.events), first.more]).toEqual([[1, 2], true]);
    expect(numbers((await merged.readAfter(first.cursor, 10)).events)).toEqual([3, 4, 5]);
  });

  it('moves past what a filter leaves out of one of the logs, also behind a gap', async () => {
    const log = new MemoryEventLog({ epoch: 'e', maxMessages: 2 });
    await log.append([1, 2, 3].map(message));
    const merged = mergeLogs({ log: filterLog(log, { events: ['other'] }) });
    const page = await merged.readAfter(undefined, 10);
    expect(page).toMatchObject({ events: [], gap: { to: cursorOf({ log: 'e-1' }) }, cursor: cursorOf({ log: 'e-3' }) });
    await log.append([message(4)]);
    expect((await merged.readAfter(page.cursor, 10)).cursor).toBe(cursorOf({ log: 'e-4' }));
  });

  it('takes messages without a time as they stand', async () => {
    const log = new MemoryEventLog();
    await log.append([{ event: 'tick', data: null }, { event: 'tick', data: { timestamp: 7 } }, message(1)]);
    expect((await mergeLogs({ log }).readAfter(undefined, 10)).events).toHaveLength(3);
  });

  it('has ended when all of its logs have', async () => {
    const [a, b] = [new MemoryEventLog(), new MemoryEventLog()];
    const merged = mergeLogs({ a, b });
    await a.append([message(1)]);
    a.end();
    expect((await merged.tail()).ended).toBe(false);
    expect(await merged.readAfter(undefined, 10)).toMatchObject({ more: false, ended: false });
    b.end();
    expect((await merged.tail()).ended).toBe(true);
    expect(await merged.readAfter(undefined, 10)).toMatchObject({ more: false, ended: true });
  });

  it('reads each message of each log once, in order, over any sequence of reads, drops and resumes', async () => {
    await fc.assert(fc.asyncProperty(scripts, playScript), { numRuns: 300 });
  });

  it('tells gaps in several logs one after the other, each with its snapshot', async () => {
    const [a, b] = ['a', 'b'].map(
      (name) => new MemoryEventLog({ epoch: name, maxMessages: 2, snapshotUrl: `/${name}` }),
    ) as [MemoryEventLog, MemoryEventLog];
    const merged = mergeLogs({ a, b });
    await a.append([message(1)]);
    await b.append([message(2)]);
    const { cursor } = await merged.readAfter(undefined, 10);
    await a.append([3, 5, 7].map(message));
    await b.append([4, 6, 8].map(message));
    const first = await merged.readAfter(cursor, 10);
    expect(first.gap).toEqual({
      reason: 'trimmed',
      from: cursor,
      to: cursorOf({ a: 'a-2', b: 'b-1' }),
      snapshot: '/a',
    });
    expect([numbers(first.events), first.more]).toEqual([[5, 7], true]);
    const second = await merged.readAfter(first.cursor, 10);
    expect(second.gap).toEqual({
      reason: 'trimmed',
      from: first.cursor,
      to: cursorOf({ a: 'a-4', b: 'b-2' }),
      snapshot: '/b',
    });
    expect([numbers(second.events), second.more]).toEqual([[6, 8], false]);
    expect((await merged.readAfter(second.cursor, 10)).gap).toBeUndefined();
  });

  it('starts a log that the cursor does not know at its start, and drops what is not there any more', async () => {
    const [a, b, c] = ['a', 'b', 'c'].map((epoch) => new MemoryEventLog({ epoch })) as [
      MemoryEventLog,
      MemoryEventLog,
      MemoryEventLog,
    ];
    await a.append([1, 2].map(message));
    await b.append([3, 4].map(message));
    await c.append([5, 6].map(message));
    const { cursor } = await mergeLogs({ a, b }).readAfter(undefined, 10);
    const other = mergeLogs({ b, c });
    expect(other.isCursor(cursor)).toBe(true);
    await b.append([message(7)]);
    const page = await other.readAfter(cursor, 10);
    expect(page.gap).toBeUndefined();
    expect(numbers(page.events)).toEqual([5, 6, 7]);
    expect(page.cursor).toBe(cursorOf({ b: 'b-3', c: 'c-2' }));
  });

  it('tells a gap where the start of a log that the cursor does not know is gone', async () => {
    const a = new MemoryEventLog();
    const b = new MemoryEventLog({ maxMessages: 1, snapshotUrl: '/b' });
    await b.append([1, 2].map(message));
    const { cursor } = await mergeLogs({ a }).readAfter(undefined, 10);
    expect((await mergeLogs({ a, b }).readAfter(cursor, 10)).gap).toMatchObject({ reason: 'trimmed', snapshot: '/b' });
  });

  it('names the start itself where a gap begins there', async () => {
    const log = new MemoryEventLog({ maxMessages: 1 });
    await log.append([1, 2].map(message));
    const merged = mergeLogs({ log });
    const { gap } = await merged.readAfter(undefined, 10);
    expect(gap?.from).toBe('m');
    expect(merged.isCursor('m')).toBe(true);
    expect((await merged.readAfter('m', 10)).events).toEqual((await merged.readAfter(undefined, 10)).events);
  });

  it('has the same cursors whatever the order in which its logs are named', async () => {
    const [a, b] = [new MemoryEventLog(), new MemoryEventLog()];
    await a.append([message(1)]);
    expect(await mergeLogs({ b, a }).readAfter(undefined, 10)).toEqual(
      await mergeLogs({ a, b }).readAfter(undefined, 10),
    );
    expect(mergeLogs({ b, a }).names).toEqual(['a', 'b']);
    expect(mergeLogs({ b, a }).name).toBe('a, b');
  });

  it('is the same object for the same logs under the same names, and no other', () => {
    const [a, b] = [new MemoryEventLog(), new MemoryEventLog()];
    const merged = mergeLogs({ a, b });
    expect(mergeLogs({ b, a })).toBe(merged);
    expect(mergeLogs({ a: b, b: a })).not.toBe(merged);
    expect(mergeLogs({ a })).not.toBe(merged);
    expect(mergeLogs({ a, c: b })).not.toBe(merged);
    expect(mergeLogs({ a, b }, { maxCursorLength: 30 })).not.toBe(merged);
  });

  it('fits 8 logs of the longest cursors that a log in memory gives, and refuses the ninth', async () => {
    const logs = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`channel:${index}`, new MemoryEventLog()]));
    const merged = mergeLogs(logs(8));
    const longest = Object.fromEntries(merged.names.map((name) => [name, `abcdef-${2 ** 53 - 1}`]));
    expect(isCursor(cursorOf(longest))).toBe(true);
    expect((await merged.readAfter(cursorOf(longest), 10)).gap?.reason).toBe('epoch');
    expect(() => mergeLogs(logs(9))).toThrow(MergedCursorError);
    expect(() => mergeLogs(logs(9))).toThrow('merge at most 8');
    expect(mergeLogs(logs(13), { maxCursorLength: 12 }).names).toHaveLength(13);
  });

  it('rejects a read whose cursors are longer than was said', async () => {
    const logs = ['a', 'b'].map((letter) => new MemoryEventLog({ epoch: letter.repeat(32) }));
    const merged = mergeLogs(Object.fromEntries(logs.map((log, index) => [`${index}`, log])));
    expect(isCursor((await merged.tail()).cursor)).toBe(true);
    const many = Object.fromEntries(
      Array.from({ length: 8 }, (_, index) => [`${index}`, new MemoryEventLog({ epoch: 'e'.repeat(32) })]),
    );
    await expect(mergeLogs(many).readAfter(undefined, 10)).rejects.toThrow('longer than maxCursorLength says');
  });

  it('refuses to merge nothing', () => {
    expect(() => new MergedLog({})).toThrow(RangeError);
  });

  it('tells a gap, and then everything, where the cursor is not its own', async () => {
    const log = new MemoryEventLog();
    await log.append([message(1)]);
    const merged = mergeLogs({ log });
    expect(merged.isCursor('e-1')).toBe(false);
    const page = await merged.readAfter('e-1', 10);
    expect(page).toMatchObject({ events: [], more: true, gap: { reason: 'epoch', from: 'e-1', to: page.cursor } });
    expect(numbers((await merged.readAfter(page.cursor, 10)).events)).toEqual([1]);
  });
});

/** Gives two messages at a time. */
class ShortPages extends MemoryEventLog {
  override readAfter(cursor: Cursor | undefined, limit: number): Promise<LogPage> {
    return super.readAfter(cursor, Math.min(limit, 2));
  }
}

type Step =
  | { do: 'append'; log: number; count: number; isDated: boolean }
  | { do: 'read'; reader: number; limit: number; received: number };

const scripts = fc.record({
  maxMessages: fc.constantFrom(3, 1000),
  steps: fc.array(
    fc.oneof(
      fc.record({
        do: fc.constant('append' as const),
        log: fc.integer({ min: 0, max: 2 }),
        count: fc.integer({ min: 1, max: 4 }),
        isDated: fc.boolean(),
      }),
      fc.record({
        do: fc.constant('read' as const),
        reader: fc.integer({ min: 0, max: 1 }),
        limit: fc.integer({ min: 1, max: 5 }),
        // How many messages of the page reach the reader before its connection drops; it then resumes after the last.
        received: fc.integer({ min: 0, max: 6 }),
      }),
    ),
    { maxLength: 60, size: 'max' },
  ),
});

interface Reader {
  cursor: Cursor | undefined;
  /** What comes next, by log. */
  due: number[];
}

/** Plays a script against three logs and holds each reader to what it must see. */
async function playScript({ maxMessages, steps }: { maxMessages: number; steps: readonly Step[] }): Promise<void> {
  const logs = [0, 1, 2].map((log) => new MemoryEventLog({ maxMessages, epoch: `e${log}`, snapshotUrl: `${log}` }));
  const merged = mergeLogs(Object.fromEntries(logs.entries()));
  const readers: Reader[] = [0, 1].map(() => ({ cursor: undefined, due: [1, 1, 1] }));
  const appended = [0, 0, 0];
  let second = 0;
  for (const step of steps) {
    if (step.do === 'read') await readStep(merged, readers[step.reader] as Reader, step);
    else {
      const batch = Array.from({ length: step.count }, () => {
        const n = (appended[step.log] = (appended[step.log] ?? 0) + 1);
        second += 1;
        return { event: 'tick', data: { log: step.log, n, ...(step.isDated && { timestamp: at(second % 50) }) } };
      });
      await logs[step.log]?.append(batch);
    }
  }
  for (const reader of readers) {
    for (let more = true; more;) more = await readStep(merged, reader, { limit: 3, received: 3 });
    expect(reader.due).toEqual(appended.map((count) => count + 1));
  }
}

async function readStep(
  merged: MergedLog,
  reader: Reader,
  { limit, received }: { limit: number; received: number },
): Promise<boolean> {
  const page = await merged.readAfter(reader.cursor, limit);
  expect(page.events.length).toBeLessThanOrEqual(limit);
  expect(merged.isCursor(page.cursor)).toBe(true);
  expect(new Set(page.events.map(({ id }) => id)).size).toBe(page.events.length);
  if (page.gap) {
    expect(page.gap.reason).toBe('trimmed');
    // What is missing is of one log: it goes on with the first message that it still has.
    const log = Number(page.gap.snapshot);
    const first = await merged.readAfter(page.gap.to, 100);
    const next = first.events.find(({ data }) => (data as { log: number }).log === log)?.data as { n: number };
    expect(next.n).toBeGreaterThan(reader.due[log] as number);
    reader.due[log] = next.n;
    reader.cursor = page.gap.to;
  }
  for (const { id, data } of page.events.slice(0, received)) {
    const { log, n } = data as { log: number; n: number };
    expect(n).toBe(reader.due[log]);
    reader.due[log] = n + 1;
    reader.cursor = id;
  }
  if (received >= page.events.length) reader.cursor = page.cursor;
  return page.more;
}
