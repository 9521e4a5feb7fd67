import { describe, expect, it } from '@jest/globals';
import type { Cursor, NewMessage } from '@throughline/sse-protocol';
import fc from 'fast-check';
import { registerEventLogTests } from '../testing/index.js';
import type { EventLog, LogPage } from './event-log.js';
import { filterLog, FilteredLog } from './filtered-log.js';
import { MemoryEventLog } from './memory-event-log.js';
import { mergeLogs } from './merged-log.js';

const message = (n: number) => ({ event: 'tick', data: { n } });

registerEventLogTests('FilteredLog that keeps everything', () => {
  const log = new MemoryEventLog({ epoch: 'e' });
  const filtered: FilteredLog = filterLog<EventLog, string>(log, { events: ['tick', 'tock'] });
  return {
    log: Object.assign(filtered, { append: (events: readonly NewMessage[]) => log.append(events) }),
    message,
    end: () => log.end(),
    trimBefore: (n) => {
      while (log['trimmedCount'] < n - 1) log['window']['dropOldest']();
    },
    cursorAhead: 'e-1000',
    cursorOfAnotherEpoch: 'x-2',
  };
});

describe('FilteredLog', () => {
  it('gives exactly the messages of its names, whatever the pages and wherever one resumes', async () => {
    const events = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 300, size: 'max' });
    const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(events, names, fc.integer({ min: 1, max: 40 }), async (all, kept, limit) => {
        const log = new MemoryEventLog();
        await log.append(all.map((event, n) => ({ event, data: n })));
        const filtered = filterLog(log, { events: kept });
        const seen: unknown[] = [];
        for (let cursor: Cursor | undefined, more = true; more;) {
          const page = await filtered.readAfter(cursor, limit);
          expect(page.events.length).toBeLessThanOrEqual(limit);
          // A client that drops resumes after its last message, and gets the same as one that goes on from the page.
          const last = page.events.at(-1)?.id ?? cursor;
          expect((await filtered.readAfter(last, 1)).events).toEqual((await filtered.readAfter(page.cursor, 1)).events);
          seen.push(...page.events.map(({ data }) => data));
          ({ cursor, more } = page);
        }
        const expected = [...all.entries()].filter(([, event]) => kept.includes(event)).map(([n]) => n);
        expect(seen).toEqual(expected);
      }),
      { numRuns: 100 },
    );
  });

  it('moves its cursor past what it leaves out', async () => {
    const log = new MemoryEventLog({ epoch: 'e' });
    await log.append(['a', 'b', 'b'].map((event) => ({ event, data: 1 })));
    const page = await filterLog(log, { events: ['a'] }).readAfter(undefined, 10);
    expect([page.events.map(({ id }) => id), page.cursor, page.more]).toEqual([['e-1'], 'e-3', false]);
    expect(await filterLog(log, { events: ['a'] }).readAfter(page.cursor, 10)).toMatchObject({
      events: [],
      cursor: 'e-3',
    });
  });

  it('reads so much for one page and no more, then says where to go on', async () => {
    const log = new CountingLog({ epoch: 'e', maxMessages: 10_000 });
    await log.append(Array.from({ length: 5000 }, () => ({ event: 'b', data: 1 })));
    await log.append([{ event: 'a', data: 1 }]);
    const filtered = filterLog(log, { events: ['a'] });
    expect(await filtered.readAfter(undefined, 1)).toEqual({ events: [], cursor: 'e-1000', more: true, ended: false });
    expect(log.reads).toBe(10);
    const pages = [];
    for (let cursor: Cursor | undefined, more = true; more;) {
      const page = await filtered.readAfter(cursor, 200);
      ({ cursor, more } = page);
      pages.push(page);
    }
    expect(pages).toHaveLength(3);
    expect(pages.at(-1)?.events).toHaveLength(1);
  });

  it('tells a gap, also one that opens while it reads on', async () => {
    const log = new CountingLog({ epoch: 'e', maxMessages: 150 });
    await log.append(Array.from({ length: 150 }, () => ({ event: 'b', data: 1 })));
    const filtered = filterLog(log, { events: ['a'] });
    log.beforeRead = async (read) => {
      if (read === 2) await log.append(Array.from({ length: 120 }, () => ({ event: 'b', data: 1 })));
    };
    const page = await filtered.readAfter(undefined, 10);
    expect(page).toEqual({ events: [], cursor: 'e-100', more: true, ended: false });
    const next = await filtered.readAfter(page.cursor, 10);
    expect(next.gap).toMatchObject({ reason: 'trimmed', from: 'e-100', to: 'e-120' });
    expect(next).toMatchObject({ events: [], cursor: 'e-270', more: false });
  });

  it('ends with its log, and has its name and state', async () => {
    const log = Object.assign(new MemoryEventLog(), { name: 'prices', status: async () => 'running' });
    const filtered = filterLog(log, { events: ['a'] });
    await log.append([{ event: 'b', data: 1 }]);
    log.end();
    expect(await filtered.readAfter(undefined, 10)).toMatchObject({ events: [], more: false, ended: true });
    expect(await filtered.tail()).toEqual(await log.tail());
    expect([filtered.name, await filtered.status?.()]).toEqual(['prices', 'running']);
    const plain = filterLog(new MemoryEventLog(), { events: ['a'] });
    expect([plain.name, plain.names, plain.status]).toEqual([undefined, undefined, undefined]);
    expect(filterLog(mergeLogs({ b: log, a: log }), { events: ['a'] }).names).toEqual(['a', 'b']);
  });

  it('is the same object for the same log and names, and no other', () => {
    const log = new MemoryEventLog();
    const filtered = filterLog(log, { events: ['a', 'b'] });
    expect(filterLog(log, { events: ['b', 'a', 'b'] })).toBe(filtered);
    expect(filterLog(log, { events: ['a'] })).not.toBe(filtered);
    expect(filterLog(new MemoryEventLog(), { events: ['a', 'b'] })).not.toBe(filtered);
  });

  it('refuses to keep nothing', () => {
    expect(() => filterLog(new MemoryEventLog(), { events: [] })).toThrow(RangeError);
    expect(() => new FilteredLog(new MemoryEventLog(), { events: [] })).toThrow(RangeError);
  });
});

/** Counts its reads, and lets something happen before each. */
class CountingLog extends MemoryEventLog {
  reads = 0;
  beforeRead: (read: number) => Promise<void> = async () => undefined;

  override async readAfter(cursor: Cursor | undefined, limit: number): Promise<LogPage> {
    this.reads += 1;
    await this.beforeRead(this.reads);
    return super.readAfter(cursor, limit);
  }
}
