import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Cursor, Gap } from '@throughline/sse-protocol';
import { MemoryEventLog, type ReadableLog } from '../index.js';
import { settle } from '../sse-options.js';
import { StreamEngine } from './stream-engine.js';
import type { FeedOutlet, StreamFeed } from './feed.js';

/** A client that takes what it is sent, or is blocked until it is told otherwise. */
class Client implements FeedOutlet {
  isBlocked = false;
  bytesQueued = 0;
  gaps: Gap[] = [];
  end: string | undefined;
  private text = '';
  private waiters: ((isWritable: boolean) => void)[] = [];

  constructor(readonly feed: StreamFeed) {
    feed.start(this);
  }

  get numbers(): number[] {
    return [...this.text.matchAll(/"n":(\d+)/g)].map(([, digits]) => Number(digits));
  }

  get ids(): string[] {
    return [...this.text.matchAll(/^id: (.+)$/gm)].map(([, id]) => id as string);
  }

  writable(): Promise<boolean> {
    return this.isBlocked ? new Promise((resolve) => this.waiters.push(resolve)) : Promise.resolve(true);
  }

  unblock(): void {
    this.isBlocked = false;
    for (const resolve of this.waiters.splice(0)) resolve(true);
  }

  write(bytes: Buffer): void {
    this.text += bytes.toString();
  }

  gap(gap: Gap): void {
    this.gaps.push(gap);
  }

  close(reason: string): void {
    this.end ??= reason;
    this.feed.stop();
  }

  fail(error: unknown): void {
    throw error;
  }

  leave(): void {
    this.end ??= 'gone';
    this.feed.stop();
    for (const resolve of this.waiters.splice(0)) resolve(false);
  }
}

/** Resolves when nothing is under way any more: the join window is 0, so all waits are turns of the event loop. */
async function quiet(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);

function counted(log: ReadableLog): { log: ReadableLog; reads: () => number } {
  let reads = 0;
  const readAfter = log.readAfter.bind(log);
  log.readAfter = (...args) => ((reads += 1), readAfter(...args));
  return { log, reads: () => reads };
}

const engineWith = (frameWindowBytes = 1024 * 1024): StreamEngine =>
  new StreamEngine(settle({ joinWindowMs: 0, frameWindowBytes }));
const message = (n: number, size = 0) => ({ event: 'tick', data: { n, text: 'x'.repeat(size) } });

describe('all connections of a log', () => {
  it('are sent what is new with one read and the same bytes', async () => {
    const engine = engineWith();
    const log = new MemoryEventLog({ epoch: 'e' });
    const { reads } = counted(log);
    const written: Buffer[] = [];
    const clients = range(1, 50).map(() => new Client(engine.logFeed(log, undefined)));
    await quiet();
    for (const client of clients) client.write = (bytes) => written.push(bytes);
    const before = reads();
    await log.append([message(1), message(2)]);
    await quiet();
    expect(reads() - before).toBe(1);
    expect(written).toHaveLength(50);
    expect(new Set(written).size).toBe(1);
  });

  it('come back together with one read, wherever they were', async () => {
    const engine = engineWith();
    const log = new MemoryEventLog({ epoch: 'e' });
    await log.append(range(1, 100).map((n) => message(n)));
    const { reads } = counted(log);
    const clients = range(0, 99).map((n) => new Client(engine.logFeed(log, `e-${n}`)));
    await quiet();
    for (const [n, client] of clients.entries()) expect(client.numbers).toEqual(range(n + 1, 100));
    // All begin in one turn, each at a place of its own; those who come later find what these have read.
    const before = reads();
    const later = range(0, 99).map((n) => new Client(engine.logFeed(log, `e-${n}`)));
    await quiet();
    for (const [n, client] of later.entries()) expect(client.numbers).toEqual(range(n + 1, 100));
    expect(reads()).toBe(before);
  });

  it('hold nothing for a client that is behind, which reads on from its own place', async () => {
    const engine = engineWith(64 * 1024);
    const log = new MemoryEventLog({ epoch: 'e', maxMessages: 1000 });
    const slow = new Client(engine.logFeed(log, undefined));
    const other = new Client(engine.logFeed(log, undefined));
    await quiet();
    slow.isBlocked = true;
    for (const n of range(1, 300)) {
      await log.append([message(n, 1024)]);
      if (n % 10 === 0) await quiet();
    }
    await quiet();
    expect(other.numbers).toEqual(range(1, 300));
    expect(slow.numbers).toEqual([]);
    slow.unblock();
    await quiet();
    expect(slow.numbers).toEqual(range(1, 300));
  });

  it('are told of the log’s end once they have everything, and go on where it is reopened', async () => {
    const engine = engineWith();
    const log = new MemoryEventLog({ epoch: 'e' });
    const client = new Client(engine.logFeed(log, undefined));
    await log.append([message(1)]);
    log.end();
    await quiet();
    expect(client).toMatchObject({ numbers: [1], end: 'complete' });
    log.reopen();
    const second = new Client(engine.logFeed(log, 'e-1'));
    await quiet();
    expect(second.end).toBeUndefined();
    await log.append([message(2)]);
    await quiet();
    expect(second.numbers).toEqual([2]);
  });

  it('each learn of a gap that opens while they are connected', async () => {
    const engine = engineWith();
    const log = new MemoryEventLog({ epoch: 'e', maxMessages: 5 });
    const clients = range(1, 3).map(() => new Client(engine.logFeed(log, undefined)));
    await quiet();
    await log.append(range(1, 20).map((n) => message(n)));
    await quiet();
    for (const client of clients) {
      expect(client.gaps).toMatchObject([{ reason: 'trimmed', from: 'e-0', to: 'e-15' }]);
      expect(client.numbers).toEqual(range(16, 20));
    }
  });

  it('know their place also where what followed was not for them', async () => {
    const engine = engineWith();
    const log = new MemoryEventLog({ epoch: 'e' });
    const readAfter = log.readAfter.bind(log);
    const even: ReadableLog = Object.assign(Object.create(log) as MemoryEventLog, {
      readAfter: async (cursor: Cursor | undefined, limit: number) => {
        const page = await readAfter(cursor, limit);
        return { ...page, events: page.events.filter(({ data }) => (data as { n: number }).n % 2 === 0) };
      },
    });
    const first = new Client(engine.logFeed(even, undefined));
    await quiet();
    for (const n of range(1, 5)) {
      await log.append([message(n)]);
      await quiet();
    }
    expect(first.numbers).toEqual([2, 4]);
    expect(first.feed).toMatchObject({ cursor: 'e-5', lastEventId: 'e-4' });
    const second = new Client(engine.logFeed(even, 'e-3'));
    await quiet();
    await log.append([message(6)]);
    await quiet();
    expect(second.numbers).toEqual([4, 6]);
    expect(first.numbers).toEqual([2, 4, 6]);
  });
});

type Step =
  | { do: 'append'; count: number }
  | { do: 'open'; from: number }
  | { do: 'block' | 'unblock' | 'leave'; client: number }
  | { do: 'rest' };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('append' as const), count: fc.integer({ min: 1, max: 30 }) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('open' as const), from: fc.nat(100) }) },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constantFrom('block' as const, 'unblock' as const, 'leave' as const),
        client: fc.nat(9),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('rest' as const) }) },
  ),
  { maxLength: 40 },
);

/** Any order of appends, connects, stalls and leaves: what a client has is what follows its cursor, without a hole. */
it('give each client what follows its cursor, each once and in order, whatever happens', async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.constantFrom(100, 2000, 1024 * 1024), async (story, windowBytes) => {
      const engine = engineWith(windowBytes);
      const log = new MemoryEventLog({ epoch: 'e', maxMessages: 10_000 });
      const clients: { client: Client; from: number }[] = [];
      let last = 0;
      for (const step of story) {
        if (step.do === 'append') {
          await log.append(range(last + 1, last + step.count).map((n) => message(n, 50)));
          last += step.count;
        } else if (step.do === 'open') {
          const from = Math.floor((step.from / 100) * last);
          clients.push({ client: new Client(engine.logFeed(log, from === 0 ? undefined : `e-${from}`)), from });
        } else if (step.do === 'rest') await quiet();
        else {
          const { client } = clients[step.client % Math.max(1, clients.length)] ?? {};
          if (step.do === 'block' && client) client.isBlocked = true;
          else if (step.do === 'unblock') client?.unblock();
          else client?.leave();
        }
      }
      for (const { client } of clients) client.unblock();
      await quiet();
      for (const { client, from } of clients) {
        const { numbers } = client;
        expect(numbers).toEqual(range(from + 1, client.end === 'gone' ? from + numbers.length : last));
        expect(client.ids).toEqual(numbers.map((n) => `e-${n}`));
      }
    }),
    { numRuns: 150 },
  );
});
