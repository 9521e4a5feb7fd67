import { deepEqual, equal, notEqual, ok } from 'node:assert/strict';
import { isCursor, type Cursor, type EventMap, type Message, type NewMessage } from '@throughline/sse-protocol';
import type { EventLog } from '../log/event-log.js';
import { registerSuite, type ContractSuiteOptions, type Scenarios } from './contract-suite.js';

/**
 * One log under test, fresh and empty, and what the suite cannot do through the port. A test whose {@link EventLogHook} is
 * missing fails, unless it is said to be left out.
 */
export interface EventLogSubject<E extends EventMap = Record<string, unknown>> {
  log: EventLog<E>;
  /** The nth message to append, from 1; different for each n. */
  message(n: number): NewMessage<E>;
  /** Ends the log. */
  end?(): Promise<void> | void;
  /** Trims the log, so that of what was appended only messages from the nth on are left. */
  trimBefore?(n: number): Promise<void> | void;
  /** A well-formed cursor that is beyond the tail of a log of fewer than 100 messages. */
  cursorAhead?: Cursor | (() => Cursor);
  /** A well-formed cursor of another epoch. */
  cursorOfAnotherEpoch?: Cursor;
  /** Texts that are not cursors of this log, besides those that are none of any. */
  malformedCursors?: readonly string[];
  /** Releases what the log holds. */
  close?(): Promise<void> | void;
}

/** What some tests cannot be done without. */
export type EventLogHook = 'end' | 'trimBefore' | 'cursorAhead' | 'cursorOfAnotherEpoch';

type LogScenarios<E extends EventMap> = Scenarios<EventLogSubject<E>, EventLogHook>;

/**
 * Registers the contract suite of {@link EventLog}: what every implementation must do so that streams lose nothing,
 * double nothing and keep the order.
 *
 * @param name what is tested, for the suite's title
 * @param factory makes a fresh, empty log; called once for each test
 * @param options the runner's `describe` and `it`, where they are no globals, and which tests are left out
 */
export function registerEventLogTests<E extends EventMap = Record<string, unknown>>(
  name: string,
  factory: () => Promise<EventLogSubject<E>> | EventLogSubject<E>,
  options: ContractSuiteOptions<EventLogHook> = {},
): void {
  const title = `${name} keeps the contract of an event log`;
  registerSuite({ caller: 'registerEventLogTests', title, scenarios: scenarios<E>(), factory }, options);
}

function scenarios<E extends EventMap>(): LogScenarios<E> {
  return { ...appending<E>(), ...reading<E>(), ...following<E>(), ...ending<E>(), ...gaps<E>() };
}

/** Appends messages `first` to `last`, in one batch. */
function appendRange<E extends EventMap>(subject: EventLogSubject<E>, first: number, last: number): Promise<Cursor> {
  return subject.log.append(range(first, last).map((n) => subject.message(n)));
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** Reads pages of `limit` from `cursor` until there is no more. */
async function readAll<E extends EventMap>(
  log: EventLog<E>,
  cursor: Cursor | undefined,
  limit: number,
): Promise<Message<E>[]> {
  const all: Message<E>[] = [];
  for (let at = cursor, more = true; more;) {
    const page = await log.readAfter(at, limit);
    ok(page.events.length <= limit, 'a page has more messages than its limit');
    ok(page.events.length > 0 || !page.more, 'an empty page says that there is more');
    all.push(...page.events);
    at = page.cursor;
    more = page.more;
  }
  return all;
}

/** What was appended, as JSON carries it. */
function bodies(messages: readonly { readonly event: string; readonly data: unknown }[]): unknown[] {
  return messages.map(({ event, data }) => JSON.parse(JSON.stringify({ event, data })));
}

function expected<E extends EventMap>(subject: EventLogSubject<E>, first: number, last: number): unknown[] {
  return bodies(range(first, last).map((n) => subject.message(n)));
}

function appending<E extends EventMap>(): LogScenarios<E> {
  return {
    'starts empty': async ({ log }) => {
      const tail = await log.tail();
      const page = await log.readAfter(undefined, 10);
      equal(tail.ended, false);
      deepEqual({ ...page }, { events: [], cursor: page.cursor, more: false, ended: false });
      ok(log.isCursor(page.cursor));
    },
    'gives each message an id of its own and answers with the last': async (subject) => {
      const cursor = await appendRange(subject, 1, 5);
      const { events } = await subject.log.readAfter(undefined, 10);
      const ids = events.map(({ id }) => id);
      equal(new Set(ids).size, 5);
      equal(cursor, ids.at(-1));
      equal((await subject.log.tail()).cursor, cursor);
      for (const id of ids) ok(isCursor(id) && subject.log.isCursor(id), `${id} is not a cursor`);
    },
    'gives back what was appended, in order': async (subject) => {
      await appendRange(subject, 1, 3);
      await appendRange(subject, 4, 4);
      deepEqual(bodies(await readAll(subject.log, undefined, 100)), expected(subject, 1, 4));
    },
    'stays as it is when nothing is appended': async (subject) => {
      const before = await appendRange(subject, 1, 2);
      equal(await subject.log.append([]), before);
      equal((await readAll(subject.log, undefined, 100)).length, 2);
    },
    'keeps batches that are appended at the same time whole, each message once': async (subject) => {
      const batches = range(0, 9).map((batch) => range(batch * 3 + 1, batch * 3 + 3));
      await Promise.all(batches.map((batch) => subject.log.append(batch.map((n) => subject.message(n)))));
      const all = bodies(await readAll(subject.log, undefined, 7)).map((body) => JSON.stringify(body));
      equal(all.length, 30);
      for (const batch of batches) {
        const texts = expected(subject, batch[0] ?? 0, batch.at(-1) ?? 0).map((body) => JSON.stringify(body));
        const start = all.indexOf(texts[0] ?? '');
        deepEqual(all.slice(start, start + 3), texts);
      }
    },
  };
}

function reading<E extends EventMap>(): LogScenarios<E> {
  return {
    'continues after every id with exactly the rest': async (subject) => {
      await appendRange(subject, 1, 8);
      const all = await readAll(subject.log, undefined, 100);
      for (const [index, { id }] of all.entries()) {
        const page = await subject.log.readAfter(id, 100);
        deepEqual(page.events, all.slice(index + 1));
        equal(page.gap, undefined);
        equal(page.cursor, all.at(-1)?.id);
      }
    },
    'gives the same messages whatever the size of the pages': async (subject) => {
      await appendRange(subject, 1, 7);
      const whole = await readAll(subject.log, undefined, 500);
      for (const limit of range(1, 8)) deepEqual(await readAll(subject.log, undefined, limit), whole);
    },
    'says that there is more exactly where there is': async (subject) => {
      await appendRange(subject, 1, 4);
      equal((await subject.log.readAfter(undefined, 3)).more, true);
      equal((await subject.log.readAfter(undefined, 4)).more, false);
    },
    'reads the start after the cursor of the empty log': async (subject) => {
      const { cursor } = await subject.log.readAfter(undefined, 10);
      await appendRange(subject, 1, 2);
      const page = await subject.log.readAfter(cursor, 10);
      deepEqual(bodies(page.events), expected(subject, 1, 2));
      equal(page.gap, undefined);
    },
    'stays where it is after the last message': async (subject) => {
      const tail = await appendRange(subject, 1, 2);
      const page = await subject.log.readAfter(tail, 10);
      deepEqual(page.events, []);
      equal(page.cursor, tail);
      equal(page.more, false);
    },
    'knows what is not a cursor': async ({ log, malformedCursors = [] }) => {
      for (const text of ['', '-1', 'x\ny', 'x\0', ' ', ...malformedCursors]) {
        equal(log.isCursor(text), false, `${JSON.stringify(text)} passes as a cursor`);
      }
    },
  };
}

function following<E extends EventMap>(): LogScenarios<E> {
  return {
    'hints that there is more after an append': async (subject) => {
      const hinted = nextHint(subject.log);
      await appendRange(subject, 1, 1);
      ok(subject.log.isCursor(await hinted));
    },
    'loses and doubles nothing for one who subscribes first, then reads until dry': async (subject) => {
      await appendRange(subject, 1, 3);
      const seen = follow(subject.log, 23);
      for (let n = 4; n <= 23; n += 2) await appendRange(subject, n, n + 1);
      deepEqual(bodies(await seen), expected(subject, 1, 23));
    },
    'hints to each of several readers': async (subject) => {
      const readers = [follow(subject.log, 2), follow(subject.log, 2), follow(subject.log, 2)];
      await appendRange(subject, 1, 2);
      for (const reader of readers) deepEqual(bodies(await reader), expected(subject, 1, 2));
    },
    'hints no more after the reader has unsubscribed': async (subject) => {
      let hints = 0;
      const subscription = subject.log.changes.subscribe(() => (hints += 1));
      subscription.unsubscribe();
      const other = nextHint(subject.log);
      await appendRange(subject, 1, 1);
      await other;
      equal(hints, 0);
    },
  };
}

function nextHint<E extends EventMap>(log: EventLog<E>): Promise<Cursor> {
  return new Promise((resolve, reject) => {
    const subscription = log.changes.subscribe({
      next: (cursor) => {
        resolve(cursor);
        queueMicrotask(() => subscription.unsubscribe());
      },
      error: reject,
    });
  });
}

/** Subscribes, reads until dry, reads again at each hint, until `count` messages are there. */
function follow<E extends EventMap>(log: EventLog<E>, count: number): Promise<Message<E>[]> {
  return new Promise((resolve, reject) => {
    const seen: Message<E>[] = [];
    let cursor: Cursor | undefined;
    let pending: Promise<void> = Promise.resolve();
    const read = async (): Promise<void> => {
      const page = await log.readAfter(cursor, 4);
      seen.push(...page.events);
      cursor = page.cursor;
      if (seen.length >= count) {
        subscription.unsubscribe();
        resolve(seen);
      } else if (page.more) await read();
    };
    const next = (): void => void (pending = pending.then(read).catch(reject));
    const subscription = log.changes.subscribe({ next, error: reject });
    next();
  });
}

function ending<E extends EventMap>(): LogScenarios<E> {
  return {
    'says that it has ended, on its tail and its pages, and hints at it': {
      needs: 'end',
      run: async (subject) => {
        await appendRange(subject, 1, 3);
        equal((await subject.log.readAfter(undefined, 10)).ended, false);
        const hinted = nextHint(subject.log);
        await subject.end?.();
        await hinted;
        const tail = await subject.log.tail();
        equal(tail.ended, true);
        equal((await subject.log.readAfter(tail.cursor, 10)).ended, true);
        equal((await readAll(subject.log, undefined, 2)).length >= 3, true);
      },
    },
  };
}

function gaps<E extends EventMap>(): LogScenarios<E> {
  return {
    'tells the gap before what is left when history was trimmed': {
      needs: 'trimBefore',
      run: async (subject) => {
        await appendRange(subject, 1, 6);
        const { events } = await subject.log.readAfter(undefined, 10);
        await subject.trimBefore?.(4);
        const left = events.slice(3);
        for (const from of [undefined, events[0]?.id, events[1]?.id]) {
          const page = await subject.log.readAfter(from, 10);
          equal(page.gap?.reason, 'trimmed');
          if (from !== undefined) equal(page.gap?.from, from);
          equal(page.gap?.to, events[2]?.id);
          deepEqual(page.events, left);
          deepEqual((await subject.log.readAfter(page.gap?.to, 10)).events, left);
        }
        equal((await subject.log.readAfter(events[2]?.id, 10)).gap, undefined);
      },
    },
    'tells the gap for a cursor ahead of the tail and goes on from the tail': {
      needs: 'cursorAhead',
      run: async (subject) => {
        const { cursorAhead: ahead } = subject;
        const tail = await appendRange(subject, 1, 3);
        const page = await subject.log.readAfter(typeof ahead === 'function' ? ahead() : ahead, 10);
        equal(page.gap?.reason, 'ahead');
        equal(page.gap?.to, tail);
        deepEqual(page.events, []);
        equal(page.cursor, tail);
      },
    },
    'tells the gap for a cursor of another epoch and gives all of this one': {
      needs: 'cursorOfAnotherEpoch',
      run: async (subject) => {
        const { cursorOfAnotherEpoch: foreign } = subject;
        await appendRange(subject, 1, 3);
        const page = await subject.log.readAfter(foreign, 10);
        equal(page.gap?.reason, 'epoch');
        equal(page.gap?.from, foreign);
        notEqual(page.gap?.to, foreign);
        deepEqual(bodies(page.events), expected(subject, 1, 3));
      },
    },
  };
}
