import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/browser.js';
import { LoadServer } from '../support/sse-page/load-server.js';
import type { ConnectionReport, PageApi, PageFeatures } from '../support/sse-page/page-api.js';
import { UnwatchedTab } from '../support/sse-page/unwatched-tab.js';

/** The page, with what these specs put there. */
interface LoadWindow {
  readonly sse: PageApi;
  seenFrames: number;
  bare: { readonly source: EventSource; count: number };
  /** Timers and frames that were asked for and have not come. */
  readonly pending: Set<unknown>;
}

declare const window: LoadWindow & typeof globalThis;

const MESSAGES = 100_000;
const ROUNDS = 3;
const BARE_ROUNDS = 2;
/** Enough to fill all that keeps a bounded number of messages or ids, and to have everything compiled. */
const FIRST_MESSAGES = 25_000;
/** From here on, a browser calls a task long. */
const LONG_TASK_MS = 50;
/**
 * Chromium hands some 9,000 waiting messages of an `EventSource` over in one task, which no page can split. A listener that does
 * nothing but `JSON.parse` is measured to have tasks of 30 to 55 ms then, and the library, which also orders, shares and tells
 * messages once, of 50 to 95 ms. So by `EventSource` a task may be so many times as long as that listener's; by `fetch`, where the
 * library decides how much it reads at a time, no task is long.
 */
const MOST_TIMES_BARE = 3;
/** The messages of one round alone are more than 17 MB. */
const MOST_GROWTH_BYTES = 2 * 2 ** 20;

let browser: Browser;
let server: LoadServer;
let tab: UnwatchedTab;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterEach(async () => {
  await tab?.close();
  await server?.stop();
});
afterAll(() => browser?.close());

const report = (name: string): Promise<ConnectionReport> => tab.evaluate((which) => window.sse.report(which), name);

async function connect(name: string, features: PageFeatures): Promise<void> {
  const call = { name, features, options: { lastEventId: server.cursor } };
  await tab.evaluate((how) => window.sse.connect(how.name, '/events', { ...how, record: 'count' }), call);
  await tab.waitUntil((which) => window.sse.report(which).state === 'open', name);
}

async function sendAndReceive(name: string, count: number): Promise<void> {
  const { count: before } = await report(name);
  await server.append(count);
  await tab.waitUntil((all) => window.sse.report(all.name).count >= all.count, { name, count: before + count });
}

/** Reads a round by the browser's own `EventSource`, parses each message, and does nothing else. */
async function readBare(): Promise<void> {
  await tab.evaluate((cursor) => {
    const source = new EventSource(`/events?lastEventId=${cursor}`);
    window.bare = { source, count: 0 };
    source.addEventListener('progress', ({ data }) => {
      JSON.parse(data);
      window.bare.count += 1;
    });
    return new Promise((resolve) => source.addEventListener('open', resolve, { once: true })).then(() => undefined);
  }, server.cursor);
  await server.append(MESSAGES);
  await tab.waitUntil((count) => window.bare.count >= count, MESSAGES);
  await tab.evaluate(() => window.bare.source.close(), undefined);
}

/**
 * The longest task of the best of some rounds: collections of garbage and what else the machine does make single rounds worse.
 * Time on the processor counts, so a busy machine is no reason to fail; from the first message on, so the start of the page is
 * not in it.
 */
async function longestTask(round: () => Promise<void>, rounds = ROUNDS): Promise<number> {
  const longest: number[] = [];
  for (let times = 0; times < rounds; times += 1) longest.push((await tab.traceTasks(round))[0] ?? 0);
  return Math.min(...longest);
}

describe.each<[string, PageFeatures]>([
  ['EventSource', {}],
  ['fetch', { fetch: {} }],
])('three times 100,000 messages at full speed, by %s', (transport, features) => {
  it('leave the page its frames, its memory and its signals', async () => {
    server = await LoadServer.start();
    tab = await UnwatchedTab.open(browser, server.origin);
    const longestMs =
      transport === 'fetch' ? LONG_TASK_MS : MOST_TIMES_BARE * (await longestTask(readBare, BARE_ROUNDS));
    await connect('load', features);
    await sendAndReceive('load', FIRST_MESSAGES);
    await tab.evaluate(() => {
      window.seenFrames = 0;
      const count = () => {
        window.seenFrames += 1;
        requestAnimationFrame(count);
      };
      count();
    }, undefined);
    const bytesBefore = await tab.measureHeap();
    const before = { frames: await tab.evaluate(() => window.seenFrames, undefined), ...(await report('load')) };

    expect(await longestTask(() => sendAndReceive('load', MESSAGES))).toBeLessThanOrEqual(longestMs);

    const after = await report('load');
    const frames = (await tab.evaluate(() => window.seenFrames, undefined)) - before.frames;
    expect(after.count).toBe(FIRST_MESSAGES + ROUNDS * MESSAGES);
    expect(after.states.map(({ state }) => state)).toEqual(['connecting', 'open']);
    expect(after.invalid).toEqual([]);
    expect(after.lastEventId).toBe(server.cursor);
    const writes = after.lastEventIdWrites - before.lastEventIdWrites;
    expect(writes).toBeGreaterThan(0);
    expect(writes).toBeLessThanOrEqual(frames);
    expect((await tab.measureHeap()) - bytesBefore).toBeLessThanOrEqual(MOST_GROWTH_BYTES);
  });
});

/** So that all that they need is compiled before memory is measured. */
const FIRST_CYCLES = 400;
const CYCLES = 1_000;
/** What the browser compiles meanwhile is in it: a second thousand adds a tenth of the first. */
const MOST_BYTES_OF_CYCLES = 400_000;
const WAYS: readonly PageFeatures[] = [{}, { fetch: {} }, { tabs: {} }, { tabs: {}, fetch: {} }, { polling: {} }];
const HELD_CLASSES = [
  'EventSource',
  'AbortController',
  'ReadableStreamDefaultReader',
  'BroadcastChannel',
  'MessagePort',
  'Lock',
] as const;

/** Runs in the page before all else: keeps account of timers and frames. */
function keepAccount(): void {
  const pending = new Set<unknown>();
  Object.assign(window, { pending });
  for (const [ask, cancel] of [
    ['setTimeout', 'clearTimeout'],
    ['setInterval', 'clearInterval'],
    ['requestAnimationFrame', 'cancelAnimationFrame'],
  ] as const) {
    const asked = window[ask] as (callback: (...given: unknown[]) => void, ...more: unknown[]) => number;
    const cancelled = window[cancel] as (id: number) => void;
    Object.assign(window, {
      [ask]: (callback: (...given: unknown[]) => void, ...more: unknown[]) => {
        const id = asked(
          (...given) => {
            if (ask !== 'setInterval') pending.delete(`${ask} ${id}`);
            callback(...given);
          },
          ...more,
        );
        pending.add(`${ask} ${id}`);
        return id;
      },
      [cancel]: (id: number) => {
        pending.delete(`${ask} ${id}`);
        cancelled(id);
      },
    });
  }
}

/** Runs in the page: connects and closes, at every moment of a connection's life, four connections at a time. */
async function cycle({ ways, cycles }: { readonly ways: readonly PageFeatures[]; readonly cycles: number }) {
  const turn = () => new Promise((resolve) => setTimeout(resolve, 0));
  let begun = 0;
  const lane = async (of: number) => {
    while (begun < cycles) {
      const index = begun++;
      const name = `cycle ${index}`;
      const features = ways[index % ways.length] ?? {};
      window.sse.connect(name, `/events?lane=${of}`, { features, record: 'count' });
      const moment = Math.floor(index / ways.length) % 4;
      if (moment === 1) await turn();
      if (moment >= 2) while (window.sse.report(name).count === 0) await turn();
      if (moment === 3) {
        window.sse.pause(name);
        await turn();
        window.sse.resume(name);
      }
      window.sse.forget(name);
    }
  };
  await Promise.all([lane(1), lane(2), lane(3), lane(4)]);
}

async function takeStock() {
  await tab.measureHeap(); // collects what nobody holds
  const objects: Record<string, number> = {};
  for (const name of HELD_CLASSES) objects[name] = await tab.countObjects(name);
  const locks = await tab.evaluate(async () => {
    const { held, pending } = await navigator.locks.query();
    return { held: held?.length, pending: pending?.length };
  }, undefined);
  const listeners = { window: await tab.countListeners('window'), document: await tab.countListeners('document') };
  const timers = await tab.evaluate(() => [...window.pending], undefined);
  return { objects, locks, listeners, timers, openStreams: server.openStreams };
}

describe('1,000 connections that were opened and closed', () => {
  it('leave no listener, timer, channel, lock or connection behind, and no memory that grows with them', async () => {
    server = await LoadServer.start();
    await server.append(3);
    tab = await UnwatchedTab.open(browser, server.origin, keepAccount);
    const settle = async () => {
      await tab.waitUntil(() => window.pending.size === 0, undefined);
      await server.waitUntilIdle();
    };
    await tab.evaluate(cycle, { ways: WAYS, cycles: FIRST_CYCLES });
    await settle();
    const before = await takeStock();
    const bytesBefore = await tab.measureHeap();

    await tab.evaluate(cycle, { ways: WAYS, cycles: CYCLES });
    await settle();
    const after = await takeStock();
    expect(after).toEqual(before);
    expect((await tab.measureHeap()) - bytesBefore).toBeLessThanOrEqual(MOST_BYTES_OF_CYCLES);

    // That nothing is found says something only if what is there is found.
    for (const [index, features] of WAYS.entries()) await connect(`open ${index}`, features);
    const { objects, locks, listeners, openStreams } = await takeStock();
    for (const name of ['EventSource', 'AbortController', 'BroadcastChannel']) expect(objects[name]).toBeGreaterThan(0);
    expect(locks.held).toBeGreaterThan(0);
    expect(listeners.window).toHaveProperty('pagehide');
    expect(openStreams).toBeGreaterThan(0);
  });
});
