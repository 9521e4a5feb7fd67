import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { SseConnection, SseConnections } from '@throughline/nest-sse';
import { Subject } from 'rxjs';
import { ConnectionLog } from './connection-log.js';
import { ConnectionReporter } from './connection-reporter.js';

const START = Date.UTC(2026, 0, 1);

/** The open streams of a process, without sockets: thousands, and moved by hand. */
class OpenStreams {
  readonly opened = new Subject<SseConnection>();
  readonly closed = new Subject<{ connection: SseConnection; reason: 'revoked' }>();
  readonly all = new Map<string, SseConnection>();
  looks = 0;

  get(id: string): SseConnection | undefined {
    this.looks += 1;
    return this.all.get(id);
  }

  start(id: string, channel = 'run', bytesQueued = 0): void {
    const now = new Date().toISOString();
    const place = { cursor: '', bytesQueued, lastWriteAt: now };
    this.all.set(id, { id, address: '', kind: 'k', channels: [channel], since: now, ...place });
    this.opened.next(this.all.get(id)!);
  }

  move(id: string, cursor: string): void {
    this.all.set(id, { ...this.all.get(id)!, cursor });
  }

  end(id: string): void {
    const connection = this.all.get(id)!;
    this.all.delete(id);
    this.closed.next({ connection, reason: 'revoked' });
  }
}

describe('ConnectionReporter', () => {
  let streams: OpenStreams;
  let log: ConnectionLog;
  let reporter: ConnectionReporter;
  const read = async () => (await log.readAfter(undefined, 500)).events.map(({ data }) => data);
  const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

  beforeEach(() => {
    jest.useFakeTimers({ now: START });
    streams = new OpenStreams();
    log = new ConnectionLog();
    reporter = new ConnectionReporter(streams as unknown as SseConnections, log);
    reporter.onApplicationBootstrap();
  });

  afterEach(() => {
    reporter.onModuleDestroy();
    jest.useRealTimers();
  });

  it('tells the first change at once, and what follows within a second in one message', async () => {
    streams.start('a');
    await pass(0);
    expect(await read()).toMatchObject([{ opened: [{ id: 'a', channels: ['run'] }], closed: [], changed: [] }]);
    streams.start('b');
    streams.start('c');
    streams.end('a');
    await pass(999);
    expect(await read()).toHaveLength(1);
    await pass(1);
    expect((await read()).slice(1)).toMatchObject([
      { opened: [{ id: 'b' }, { id: 'c' }], closed: [{ id: 'a', reason: 'revoked' }] },
    ]);
  });

  it('tells a stream that opened and closed within a second as closed only', async () => {
    streams.start('a');
    streams.end('a');
    await pass(0);
    expect(await read()).toMatchObject([{ opened: [], closed: [{ id: 'a' }] }]);
  });

  it('tells a stream that moved before it was told of as opened there, and not as changed too', async () => {
    streams.start('watcher', 'connections');
    streams.start('a');
    streams.move('a', '3');
    await pass(5000);
    const told = await read();
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ opened: [{ cursor: '' }, { id: 'a', cursor: '3' }], changed: [] });
  });

  it('tells what waits for a stream as it is when it is told, not as it was while the stream was being opened', async () => {
    streams.start('watcher', 'connections', 1119);
    streams.all.set('watcher', { ...streams.all.get('watcher')!, bytesQueued: 0 });
    await pass(0);
    expect(await read()).toMatchObject([{ opened: [{ id: 'watcher', bytesQueued: 0 }] }]);
  });

  it('tells how far streams are only while somebody watches', async () => {
    streams.start('a');
    await pass(0);
    streams.move('a', '5');
    streams.looks = 0;
    await pass(5000);
    expect(await read()).toHaveLength(1);
    expect(streams.looks).toBe(0);
    streams.start('watcher', 'connections');
    await pass(1000);
    expect((await read()).at(-1)).toMatchObject({ changed: [{ id: 'a', cursor: '5', bytesQueued: 0 }] });
    const before = (await read()).length;
    await pass(60_000);
    expect(await read()).toHaveLength(before);
    streams.end('watcher');
    await pass(1000);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('takes who asks for pages for somebody who watches, for half a minute', async () => {
    streams.start('a');
    await pass(0);
    reporter.watch();
    await pass(1000);
    streams.move('a', '1');
    await pass(2000);
    expect((await read()).at(-1)).toMatchObject({ changed: [{ id: 'a', cursor: '1' }] });
    await pass(30_000);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('leaves nothing running when the server stops', () => {
    streams.start('watcher', 'connections');
    expect(jest.getTimerCount()).toBe(1);
    reporter.onModuleDestroy();
    streams.start('a');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('is not set going by the messages that it sends to those who watch', async () => {
    streams.start('watcher', 'connections');
    await pass(0);
    for (let second = 1; second <= 5; second += 1) {
      streams.move('watcher', String(second));
      await pass(1000);
    }
    expect(await read()).toHaveLength(1);
  });

  it('looks at a thousand streams in a second, and comes to all of them', async () => {
    streams.start('watcher', 'connections');
    for (let n = 0; n < 2500; n += 1) streams.start(`s${n}`);
    await pass(0);
    for (let n = 0; n < 2500; n += 1) streams.move(`s${n}`, '9');
    streams.looks = 0;
    await pass(1000);
    expect(streams.looks).toBeLessThanOrEqual(1000);
    await pass(10_000);
    const changed = (await read()).flatMap((data) => data.changed.map(({ id }) => id));
    expect(new Set(changed).size).toBe(2500);
    expect(changed).toHaveLength(2500);
  });

  it('tells of thousands in messages of bounded size', async () => {
    for (let n = 0; n < 950; n += 1) streams.start(`s${n}`);
    await pass(0);
    const parts = await read();
    expect(parts.map(({ opened }) => opened.length)).toEqual([200, 200, 200, 200, 150]);
  });
});
