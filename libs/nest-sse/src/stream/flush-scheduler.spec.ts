import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, it } from '@jest/globals';
import { FlushScheduler, type Flushable } from './flush-scheduler.js';

const item = (scheduler?: FlushScheduler) => {
  let resolve: (() => void) | undefined;
  const flushed = new Promise<void>((done) => (resolve = done));
  const subject = {
    flushedAtMs: -Infinity,
    count: 0,
    flushed,
    flush() {
      subject.count += 1;
      subject.flushedAtMs = performance.now();
      resolve?.();
    },
  };
  scheduler?.schedule(subject);
  return subject satisfies Flushable;
};

describe('FlushScheduler', () => {
  it('flushes at the end of the turn after silence, once for all that was asked in it', async () => {
    const scheduler = new FlushScheduler(5);
    const subject = item(scheduler);
    scheduler.schedule(subject);
    expect(subject.count).toBe(0);
    await new Promise((resolve) => setImmediate(resolve));
    expect(subject.count).toBe(1);
  });

  it('joins what follows closely, for no longer than the window', async () => {
    const scheduler = new FlushScheduler(5);
    const subject = item();
    subject.flushedAtMs = performance.now();
    scheduler.schedule(subject);
    await new Promise((resolve) => setImmediate(resolve));
    expect(subject.count).toBe(0);
    await subject.flushed;
    expect(subject.count).toBe(1);
  });

  it('waits for nobody where the window is 0', async () => {
    const scheduler = new FlushScheduler(0);
    const subject = item();
    subject.flushedAtMs = performance.now();
    scheduler.schedule(subject);
    await new Promise((resolve) => setImmediate(resolve));
    expect(subject.count).toBe(1);
  });

  it('forgets what is cancelled', async () => {
    const scheduler = new FlushScheduler(5);
    const subject = item(scheduler);
    scheduler.cancel(subject);
    await new Promise((resolve) => setImmediate(resolve));
    expect(subject.count).toBe(0);
  });

  it('flushes in nobody’s context: what is written belongs to all', async () => {
    const storage = new AsyncLocalStorage<string>();
    const scheduler = new FlushScheduler(1);
    const seen: unknown[] = [];
    const observed = (flushedAtMs: number): Flushable => ({ flushedAtMs, flush: () => seen.push(storage.getStore()) });
    storage.run('a request', () => {
      scheduler.schedule(observed(-Infinity));
      scheduler.schedule(observed(performance.now()));
    });
    while (seen.length < 2) await new Promise((resolve) => setImmediate(resolve));
    expect(seen).toEqual([undefined, undefined]);
  });
});
