import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Subject } from 'rxjs';
import { filterLog, MemoryEventLog, mergeLogs, type ReadableLog } from '../index.js';
import { settle } from '../sse-options.js';
import type { FeedOutlet, StreamFeed } from './feed.js';
import { StreamEngine } from './stream-engine.js';

/** Numbers from 0 up to 1 that a property can repeat. */
type Dice = () => number;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const turns = async (count: number): Promise<void> => {
  for (let n = 0; n < count; n += 1) await turn();
};

function diceOf(seed: number): Dice {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return state / 0x7fff_ffff;
  };
}

/** A client that blocks when it likes, and may leave in the middle of a write. */
class WildClient implements FeedOutlet {
  isBlocked = false;
  bytesQueued = 0;
  end: string | undefined;
  gaps = 0;
  private text = '';
  private waiters: ((isWritable: boolean) => void)[] = [];

  constructor(
    readonly feed: StreamFeed,
    private readonly dice: Dice,
    /** The last number that it has of each log. */
    readonly known: Readonly<Record<string, number>>,
  ) {
    feed.start(this);
  }

  writable(): Promise<boolean> {
    return this.isBlocked ? new Promise((resolve) => this.waiters.push(resolve)) : Promise.resolve(true);
  }

  unblock(): void {
    this.isBlocked = false;
    for (const resolve of this.waiters.splice(0)) resolve(true);
  }

  write(bytes: Buffer): void {
    if (this.end !== undefined) throw new Error('A feed wrote after it was stopped.');
    this.text += bytes.toString();
    if (this.dice() < 0.1) this.isBlocked = true;
    if (this.dice() < 0.02) this.close('left while it was written to');
  }

  gap(): void {
    this.gaps += 1;
  }

  close(reason: string): void {
    if (this.end !== undefined) return;
    this.end = reason;
    this.feed.stop();
    for (const resolve of this.waiters.splice(0)) resolve(false);
  }

  fail(): void {
    this.close('cut');
  }

  numbersOf(log: string): number[] {
    return [...this.text.matchAll(new RegExp(`"${log}":(\\d+)`, 'g'))].map(([, digits]) => Number(digits));
  }
}

/** A log whose hints come late, whose reads take their time and now and then fail, and whose pages are short. */
function wild(inner: MemoryEventLog, dice: Dice, isFlaky: () => boolean): ReadableLog {
  const changes = new Subject<string>();
  inner.changes.subscribe((cursor) => void turns(Math.floor(dice() * 4)).then(() => changes.next(cursor)));
  return {
    changes,
    isCursor: (text) => inner.isCursor(text),
    tail: () => inner.tail(),
    readAfter: async (cursor, limit) => {
      await turns(Math.floor(dice() * 3));
      if (isFlaky() && dice() < 0.05) throw new Error('The read failed.');
      const page = await inner.readAfter(cursor, Math.min(limit, 1 + Math.floor(dice() * 5)));
      await turns(Math.floor(dice() * 3));
      return page;
    },
  };
}

const KINDS: Record<string, (logs: { a: ReadableLog; b: ReadableLog }) => ReadableLog> = {
  plain: ({ a }) => a,
  filtered: ({ a }) => filterLog(a, { events: ['tick'] }),
  merged: (logs) => mergeLogs(logs),
  'filtered and merged': (logs) => filterLog(mergeLogs(logs), { events: ['tick'] }),
};

class Story {
  readonly clients: WildClient[] = [];
  readonly written: Record<string, number> = { a: 0, b: 0 };
  private readonly engine: StreamEngine;
  private readonly log: ReadableLog;
  private readonly inner = { a: new MemoryEventLog({ epoch: 'a' }), b: new MemoryEventLog({ epoch: 'b' }) };
  private isFlaky: boolean;

  constructor(
    readonly kind: string,
    private readonly dice: Dice,
  ) {
    this.isFlaky = dice() < 0.3;
    const flaky = (): boolean => this.isFlaky;
    const logs = { a: wild(this.inner.a, dice, flaky), b: wild(this.inner.b, dice, flaky) };
    this.log = (KINDS[kind] as (typeof KINDS)[string])(logs);
    const frameWindowBytes = [100, 2000, 1_000_000][this.pick(3)] as number;
    this.engine = new StreamEngine(settle({ joinWindowMs: this.pick(2), frameWindowBytes }));
  }

  async step(): Promise<void> {
    const roll = this.dice();
    const client = this.clients[this.pick(Math.max(1, this.clients.length))];
    if (roll < 0.15) this.open(undefined, {});
    else if (roll < 0.25 && client && client.gaps === 0) this.open(client.feed.lastEventId, this.knownTo(client));
    else if (roll < 0.35) client?.unblock();
    else if (roll < 0.45) client?.close('left');
    else if (roll < 0.48) for (const each of this.clients) each.close('all left');
    else if (roll < 0.8) await this.append('a', 1 + this.pick(3));
    else if (roll < 0.9) await this.append('b', 1);
    await turns(this.pick(4));
  }

  async finish(): Promise<void> {
    this.isFlaky = false;
    for (let round = 0; round < 60; round += 1) {
      for (const client of this.clients) client.unblock();
      await turns(10);
      // The join window is the machine's own time.
      if (round % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  knownTo(client: WildClient): Record<string, number> {
    const last = (log: string): number => client.numbersOf(log).at(-1) ?? client.known[log] ?? 0;
    return { a: last('a'), b: last('b') };
  }

  private pick(count: number): number {
    return Math.min(count - 1, Math.floor(this.dice() * count));
  }

  private open(from: string | undefined, known: Record<string, number>): void {
    this.clients.push(new WildClient(this.engine.logFeed(this.log, from), this.dice, known));
  }

  private async append(log: 'a' | 'b', count: number): Promise<void> {
    const isMerged = this.kind.includes('merged');
    if (log === 'b' && !isMerged) return;
    const messages = Array.from({ length: count }, () => {
      if (log === 'a' && this.dice() < 0.3) return { event: 'other', data: {} };
      return { event: 'tick', data: { [log]: (this.written[log] = (this.written[log] ?? 0) + 1) } };
    });
    await this.inner[log].append(messages);
  }
}

it.each(Object.keys(KINDS))(
  'a log that is %s gives each client what follows its cursor, however slow, late and flaky all are',
  async (kind) => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 0x7fff_ffff }), async (seed) => {
        const story = new Story(kind, diceOf(seed));
        for (let step = 0; step < 50; step += 1) await story.step();
        await story.finish();
        for (const client of story.clients) {
          expect(client.gaps).toBe(0);
          for (const log of ['a', 'b']) {
            const from = client.known[log] ?? 0;
            const numbers = client.numbersOf(log);
            const until = client.end === undefined ? (story.written[log] as number) : from + numbers.length;
            expect(numbers).toEqual(Array.from({ length: until - from }, (_, index) => from + 1 + index));
          }
          client.close('over');
        }
      }),
      { numRuns: 40 },
    );
  },
);
