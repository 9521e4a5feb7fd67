import { describe, expect, it } from '@jest/globals';
import { defer, EMPTY, NEVER, Subject, throwError } from 'rxjs';
import type { Cursor } from '@throughline/sse-protocol';
import { MemoryEventLog } from '../index.js';
import type { ReadablePage } from '../log/readable-log.js';
import { settle } from '../sse-options.js';
import type { FeedOutlet, StreamFeed } from './feed.js';
import { StreamEngine } from './stream-engine.js';

/** A client that takes what it is sent, or is blocked until it is told otherwise. */
class Client implements FeedOutlet {
  bytesQueued = 0;
  end: string | undefined;
  private text = '';
  private waiters: ((isWritable: boolean) => void)[] = [];

  constructor(
    readonly feed: StreamFeed,
    public isBlocked = false,
  ) {
    feed.start(this);
  }

  get numbers(): number[] {
    return [...this.text.matchAll(/"n":(\d+)/g)].map(([, digits]) => Number(digits));
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

  gap(): void {
    this.text += 'gap';
  }

  close(reason: string): void {
    this.end ??= reason;
    this.feed.stop();
  }

  fail(error: unknown): void {
    this.close(String(error));
  }
}

/** Resolves when nothing is under way any more: the join window is 0, so all waits are turns of the event loop. */
async function quiet(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

const engineOf = (): StreamEngine => new StreamEngine(settle({ joinWindowMs: 0 }));
const message = (n: number) => ({ event: 'tick', data: { n } });

/** A log whose reads can be held, or made to fail. */
class FaultyLog extends MemoryEventLog {
  fault: Error | undefined;
  private held: (() => void)[] | undefined;

  constructor() {
    super({ epoch: 'e' });
  }

  override async readAfter(cursor: Cursor | undefined, limit: number): Promise<never> {
    if (this.fault) throw this.fault;
    const page: ReadablePage = await super.readAfter(cursor, limit);
    if (this.held) await new Promise<void>((resolve) => this.held?.push(resolve));
    return page as never;
  }

  hold(): void {
    this.held = [];
  }

  release(): void {
    const held = this.held ?? [];
    this.held = undefined;
    for (const resolve of held) resolve();
  }
}

describe('a log that is slow or fails', () => {
  it('gives the whole to who comes after all have left during a read', async () => {
    const log = new FaultyLog();
    const engine = engineOf();
    await log.append([message(1), message(2)]);
    const first = new Client(engine.logFeed(log, undefined));
    await quiet();
    log.hold();
    await log.append([message(3)]);
    await quiet();
    first.close('gone');
    log.release();
    await quiet();
    const second = new Client(engine.logFeed(log, undefined));
    await quiet();
    expect(second.numbers).toEqual([1, 2, 3]);
  });

  it('loses nothing that came while nobody listened, though a read from before was still under way', async () => {
    const log = new FaultyLog();
    const engine = engineOf();
    const first = new Client(engine.logFeed(log, undefined));
    await quiet();
    log.hold();
    await log.append([message(1)]);
    await quiet();
    first.close('gone');
    await log.append([message(2)]);
    await quiet();
    log.release();
    await quiet();
    const second = new Client(engine.logFeed(log, 'e-1'));
    await quiet();
    expect(second.numbers).toEqual([2]);
  });

  it('sends what a failed read was to bring to those who come back, though one is behind all the time', async () => {
    const log = new FaultyLog();
    const engine = engineOf();
    const behind = new Client(engine.logFeed(log, undefined), true);
    const first = new Client(engine.logFeed(log, undefined));
    await quiet();
    await log.append([message(1)]);
    await quiet();
    log.fault = new Error('no database');
    await log.append([message(2)]);
    await quiet();
    expect(first.end).toMatch('no database');
    log.fault = undefined;
    const again = new Client(engine.logFeed(log, 'e-1'));
    await quiet();
    expect(again.numbers).toEqual([2]);
    behind.unblock();
    await quiet();
    expect(behind.numbers).toEqual([1, 2]);
  });

  it('is not taken for ended by who comes after it was reopened, though one is behind all the time', async () => {
    const log = new FaultyLog();
    const engine = engineOf();
    await log.append([message(1)]);
    const behind = new Client(engine.logFeed(log, undefined), true);
    const first = new Client(engine.logFeed(log, undefined));
    await quiet();
    log.end();
    await quiet();
    expect(first.end).toBe('complete');
    log.reopen();
    const again = new Client(engine.logFeed(log, 'e-1'));
    await quiet();
    expect(again.end).toBeUndefined();
    await log.append([message(2)]);
    await quiet();
    expect(again.numbers).toEqual([2]);
    behind.unblock();
    await quiet();
    expect(behind.numbers).toEqual([1, 2]);
  });
});

/** A log that lets through what no stream can send. */
class CarelessLog extends MemoryEventLog {
  override async readAfter(cursor: Cursor | undefined, limit: number): Promise<never> {
    const page: ReadablePage = await super.readAfter(cursor, limit);
    const events = page.events.map((kept) => ((kept.data as { n: number }).n === 3 ? { ...kept, data: 3n } : kept));
    return { ...page, events } as never;
  }
}

describe('a message that cannot be sent', () => {
  it('keeps nothing back that precedes it, from those who catch up', async () => {
    const log = new CarelessLog({ epoch: 'e' });
    await log.append([1, 2, 3, 4].map(message));
    const client = new Client(engineOf().logFeed(log, undefined));
    await quiet();
    expect([client.numbers, client.end]).toEqual([[1, 2], expect.stringContaining('not JSON')]);
    expect(client.feed.cursor).toBe('e-2');
  });

  it('keeps nothing back that precedes it, from those who are level', async () => {
    const log = new CarelessLog({ epoch: 'e' });
    const engine = engineOf();
    const clients = [1, 2].map(() => new Client(engine.logFeed(log, undefined)));
    await quiet();
    await log.append([1, 2, 3, 4].map(message));
    await quiet();
    for (const client of clients) {
      expect([client.numbers, client.end, client.feed.cursor]).toEqual([
        [1, 2],
        expect.stringContaining('JSON'),
        'e-2',
      ]);
    }
    const again = new Client(engine.logFeed(log, 'e-2'));
    await quiet();
    expect([again.numbers, again.end]).toEqual([[], expect.stringContaining('not JSON')]);
  });
});

describe('hints that complete', () => {
  it('end the streams of a log that has not ended, rather than leave them without news', async () => {
    const log = new MemoryEventLog({ epoch: 'e' });
    Object.assign(log, { changes: EMPTY });
    const client = new Client(engineOf().logFeed(log, undefined));
    await quiet();
    expect(client.end).toMatch('has not ended');
  });

  it('complete the streams of a log that has ended', async () => {
    const log = new MemoryEventLog({ epoch: 'e' });
    const hints = new Subject<Cursor>();
    Object.assign(log, { changes: hints });
    const client = new Client(engineOf().logFeed(log, undefined));
    await quiet();
    await log.append([message(1)]);
    log.end();
    hints.complete();
    await quiet();
    expect([client.numbers, client.end]).toEqual([[1], 'complete']);
  });
});

describe('hints that fail', () => {
  it('at once, are asked for again by the next client', async () => {
    const log = new MemoryEventLog({ epoch: 'e' });
    const hints = log.changes;
    let isDown = true;
    Object.assign(log, { changes: defer(() => (isDown ? throwError(() => new Error('no hints')) : hints)) });
    const engine = engineOf();
    const first = new Client(engine.logFeed(log, undefined));
    await quiet();
    expect(first.end).toMatch('no hints');
    isDown = false;
    const second = new Client(engine.logFeed(log, undefined));
    await quiet();
    await log.append([message(1)]);
    await quiet();
    expect(second.numbers).toEqual([1]);
  });

  it('leave no read behind for the next client to join', async () => {
    const log = new FaultyLog();
    const hints = log.changes;
    const failing = new Subject<Cursor>();
    let current = failing.asObservable();
    Object.assign(log, { changes: defer(() => current) });
    const engine = engineOf();
    log.hold();
    const first = new Client(engine.logFeed(log, undefined));
    await quiet();
    failing.error(new Error('lost'));
    expect(first.end).toMatch('lost');
    await log.append([message(1)]);
    await quiet();
    current = hints;
    const second = new Client(engine.logFeed(log, undefined));
    log.release();
    await quiet();
    expect(second.numbers).toEqual([1]);
  });

  it('are none, and a client still gets what is there', async () => {
    const log = new MemoryEventLog({ epoch: 'e' });
    Object.assign(log, { changes: NEVER });
    await log.append([message(1)]);
    const client = new Client(engineOf().logFeed(log, undefined));
    await quiet();
    expect(client.numbers).toEqual([1]);
  });
});
