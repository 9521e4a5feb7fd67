import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Message } from '@throughline/sse-protocol';
import fc from 'fast-check';
import { EventLogEndedError } from '../log/memory-event-log.js';
import { settle, type SseOptions } from '../sse-options.js';
import { TestClock } from '../testing/index.js';
import { ChannelGapError, ChannelLimitError, SseChannels } from './sse-channels.js';

const MINUTE_MS = 60_000;
const note = (text: string) => ({ event: 'note', data: { text } });

let clock: TestClock;
let channels: SseChannels;

function start(options: SseOptions = {}): void {
  channels?.onModuleDestroy();
  channels = new SseChannels(settle({ clock, ...options }));
}

beforeEach(() => {
  clock = new TestClock();
  start();
});
afterEach(() => channels.onModuleDestroy());

const names = () => channels.list().map(({ name }) => name);

describe('SseChannels', () => {
  it('lists its channels with what they keep and who listens', async () => {
    await channels.get('a').publish(note('x'));
    const subscription = channels.get('b').stream().subscribe();
    const bytes = 'note'.length + JSON.stringify({ timestamp: '2026-01-01T00:00:00.000Z', text: 'x' }).length;
    expect(channels.list()).toEqual([
      { name: 'a', messages: 1, bytes, listeners: 0 },
      { name: 'b', messages: 0, bytes: 0, listeners: 1 },
    ]);
    subscription.unsubscribe();
    expect(channels.list()[1]?.listeners).toBe(0);
  });

  it('rejects what cannot be sent, and throws nothing', async () => {
    const channel = channels.get('a');
    const data = {
      get text(): string {
        throw new Error('no text');
      },
    };
    await expect(channel.publish({ event: 'note', data })).rejects.toThrow('no text');
    await expect(channel.publish({ event: 'stream.close', data: {} })).rejects.toThrow('"stream."');
    expect(channels.list()).toMatchObject([{ messages: 0 }]);
  });

  it('bounds what each channel keeps by count, bytes and age', async () => {
    start({ channelMaxMessages: 2 });
    for (const text of ['x', 'y', 'z']) await channels.get('a').publish(note(text));
    expect(channels.list()[0]?.messages).toBe(2);
    start({ channelMaxBytes: 1 });
    for (const text of ['x', 'y', 'z']) await channels.get('a').publish(note(text));
    expect(channels.list()[0]?.messages).toBe(1);
    start({ channelMaxAgeMs: 1000, channelMaxBytes: Infinity });
    await channels.get('a').publish(note('x'));
    clock.advance(1000);
    expect(channels.list()[0]).toMatchObject({ messages: 0, bytes: 0 });
  });

  it('gives the same channel and log while it is there', () => {
    const channel = channels.get('a');
    expect(channels.get('a')).toBe(channel);
    expect(channels.get('a').log).toBe(channel.log);
  });

  it('refuses options that make no sense', () => {
    for (const options of [{ channelMaxBytes: 0 }, { channelIdleMs: -1 }, { channelsTotal: Infinity }]) {
      expect(() => settle(options)).toThrow('whole number');
    }
  });
});

describe('an idle channel', () => {
  it('is dropped without anybody asking for one, and who comes back is told of the gap', async () => {
    const cursor = await channels.get('a').publish(note('before'));
    clock.advance(59 * MINUTE_MS);
    expect(names()).toEqual(['a']);
    clock.advance(16 * MINUTE_MS);
    expect(names()).toEqual([]);
    const page = await channels.get('a').log.readAfter(cursor, 10);
    expect(page).toMatchObject({ events: [], gap: { reason: 'epoch', from: cursor } });
  });

  it('stays while it is published to, read, or listened to', async () => {
    const subscription = channels.get('heard').stream().subscribe();
    const [published, read] = [channels.get('published'), channels.get('read')];
    for (let quarter = 0; quarter < 20; quarter += 1) {
      clock.advance(15 * MINUTE_MS);
      await published.publish(note('x'));
      await read.log.readAfter(undefined, 1);
    }
    expect(names()).toEqual(['heard', 'published', 'read']);
    subscription.unsubscribe();
    clock.advance(30 * MINUTE_MS);
    expect(names()).toContain('heard');
    clock.advance(45 * MINUTE_MS);
    expect(names()).toEqual([]);
  });

  it('never takes what is published by who held it meanwhile', async () => {
    const held = channels.get('a');
    const { log } = held;
    const merged = channels.merge(['a', 'b']);
    clock.advance(75 * MINUTE_MS);
    expect(names()).toEqual([]);
    const hints: string[] = [];
    const subscription = merged.changes.subscribe((hint) => hints.push(hint));
    await held.publish(note('from the channel'));
    await log.append([note('from the log')]);
    await channels.get('a').publish(note('from another'));
    const texts = (events: readonly Message[]) => events.map(({ data }) => (data as { text: string }).text);
    const all = ['from the channel', 'from the log', 'from another'];
    expect(texts((await channels.get('a').log.readAfter(undefined, 10)).events)).toEqual(all);
    expect(texts((await merged.readAfter(undefined, 10)).events)).toEqual(all);
    expect(hints.length).toBeGreaterThan(0);
    subscription.unsubscribe();
  });

  it('lets go of its history, though somebody holds it', async () => {
    const { log } = channels.get('a');
    await log.append([note('x')]);
    const { life } = log as unknown as { life: { log: { size: unknown } } };
    clock.advance(75 * MINUTE_MS);
    expect(life.log.size).toEqual({ messages: 0, bytes: 0 });
  });

  it('is waited for by one timer for all, which ends with the last', async () => {
    for (let n = 0; n < 10; n += 1) await channels.get(`channel ${n}`).publish(note('x'));
    expect(clock['timers']).toHaveLength(1);
    clock.advance(75 * MINUTE_MS);
    expect([names(), clock['timers']]).toEqual([[], []]);
    channels.get('again');
    expect(clock['timers']).toHaveLength(1);
    channels.onModuleDestroy();
    expect(clock['timers']).toEqual([]);
  });

  it('stays for ever where that is asked for', async () => {
    start({ channelIdleMs: Infinity });
    channels.get('a');
    clock.advance(10_000 * MINUTE_MS);
    expect([names(), clock['timers']]).toEqual([['a'], []]);
  });
});

describe('channelsTotal', () => {
  it('drops the channel that is unused for the longest and not listened to', async () => {
    start({ channelsTotal: 3 });
    for (const name of ['a', 'b', 'c']) {
      channels.get(name);
      clock.advance(10);
    }
    const subscription = channels.get('b').stream().subscribe();
    clock.advance(10);
    await channels.get('a').publish(note('x'));
    channels.get('d');
    expect(names()).toEqual(['a', 'b', 'd']);
    clock.advance(10);
    channels.get('e');
    expect(names()).toEqual(['b', 'd', 'e']);
    subscription.unsubscribe();
  });

  it('refuses one more where all are listened to, and goes on when one is not any more', async () => {
    start({ channelsTotal: 2 });
    const held = channels.get('held');
    for (const name of ['a', 'b']) {
      clock.advance(10);
      channels.get(name);
    }
    const [first] = ['a', 'b'].map((name) => channels.get(name).stream().subscribe());
    expect(() => channels.get('c')).toThrow(ChannelLimitError);
    expect(() => channels.get('c')).toThrow('channelsTotal');
    await expect(held.publish(note('x'))).rejects.toThrow(ChannelLimitError);
    const errors: unknown[] = [];
    held.stream().subscribe({ error: (error) => errors.push(error) });
    expect(errors).toEqual([expect.any(ChannelLimitError)]);
    first?.unsubscribe();
    await held.publish(note('x'));
    expect(names()).toEqual(['b', 'held']);
  });

  it('always drops as one that looks through all would', () => {
    const uses = fc.array(
      fc.record({ name: fc.constantFrom(...'0123456789'), do: fc.constantFrom('use', 'hear', 'leave') }),
      { maxLength: 60, size: 'max' },
    );
    fc.assert(
      fc.property(uses, (all) => {
        start({ channelsTotal: 5 });
        let model: { name: string; usedAtMs: number }[] = [];
        const heard = new Map<string, { unsubscribe(): void }>();
        for (const { name, do: what } of all) {
          clock.advance(1);
          if (what === 'leave' && !heard.has(name)) continue;
          const isNew = !model.some((known) => known.name === name);
          const idle = model.filter((known) => !heard.has(known.name)).sort((a, b) => a.usedAtMs - b.usedAtMs);
          const isFull = isNew && model.length === 5 && idle.length === 0;
          expect(isRefused(() => channels.get(name))).toBe(isFull);
          if (isFull) continue;
          if (isNew && model.length === 5) model = model.filter((known) => known !== idle[0]);
          model = [...model.filter((known) => known.name !== name), { name, usedAtMs: clock.now() }];
          if (what === 'hear' && !heard.has(name)) heard.set(name, channels.get(name).log.changes.subscribe());
          if (what === 'leave') heard.get(name)?.unsubscribe();
          if (what === 'leave') heard.delete(name);
          expect(names().sort()).toEqual(model.map((known) => known.name).sort());
        }
        for (const subscription of heard.values()) subscription.unsubscribe();
      }),
      { numRuns: 200 },
    );
  });
});

describe('a channel that is deleted', () => {
  it('completes for those who read it, and takes nothing from who still holds it', async () => {
    const held = channels.get('a');
    const seen: string[] = [];
    const done = new Promise<void>((resolve) =>
      held.stream().subscribe({ next: ({ event }) => seen.push(event), complete: resolve }),
    );
    await held.publish(note('x'));
    expect(channels.delete('a')).toBe(true);
    await done;
    expect(seen).toEqual(['note']);
    await expect(held.publish(note('y'))).rejects.toThrow(EventLogEndedError);
    await channels.get('a').publish(note('z'));
    expect((await held.log.tail()).ended).toBe(true);
  });
});

describe('SseChannel.stream()', () => {
  it('fails where messages after the cursor are gone, and says where to go on', async () => {
    start({ channelMaxMessages: 1 });
    const channel = channels.get('a');
    const cursor = await channel.publish(note('x'));
    for (const text of ['y', 'z']) await channel.publish(note(text));
    const error = await new Promise((resolve) => channel.stream(cursor).subscribe({ error: resolve }));
    expect(error).toBeInstanceOf(ChannelGapError);
    const { gap } = error as ChannelGapError;
    expect(gap).toMatchObject({ reason: 'trimmed', from: cursor });
    const first = await new Promise<Message>((resolve) => channel.stream(gap.to).subscribe(resolve));
    expect(first.data).toMatchObject({ text: 'z' });
  });

  it('begins with what is kept where no cursor is named', async () => {
    start({ channelMaxMessages: 1 });
    for (const text of ['x', 'y']) await channels.get('a').publish(note(text));
    const first = await new Promise<Message>((resolve) => channels.get('a').stream().subscribe(resolve));
    expect(first.data).toMatchObject({ text: 'y' });
  });

  it('stops in the middle of a page when it is unsubscribed', async () => {
    for (const text of ['x', 'y', 'z']) await channels.get('a').publish(note(text));
    const seen: unknown[] = [];
    await new Promise<void>((resolve) => {
      const subscription = channels
        .get('a')
        .stream()
        .subscribe((message) => {
          seen.push(message);
          subscription.unsubscribe();
          resolve();
        });
    });
    expect(seen).toHaveLength(1);
    expect(channels.list()[0]?.listeners).toBe(0);
  });
});

function isRefused(act: () => unknown): boolean {
  try {
    act();
    return false;
  } catch (error) {
    if (error instanceof ChannelLimitError) return true;
    throw error;
  }
}
