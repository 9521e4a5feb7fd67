import type { CloseReason } from '@throughline/sse-protocol';
import fc from 'fast-check';
import type { PageAnswer } from './model-server';
import type { World } from './model-world';

/** One thing that happens. */
export interface Step {
  readonly name: string;
  readonly run: (world: World) => void;
  readonly [fc.toStringMethod]: () => string;
}

export function setOnline(isOnline: boolean): void {
  Object.defineProperty(navigator, 'onLine', { value: isOnline, configurable: true });
  window.dispatchEvent(new Event(isOnline ? 'online' : 'offline'));
}

export function setHidden(isHidden: boolean): void {
  Object.defineProperty(document, 'hidden', { value: isHidden, configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
}

export function setSuspended(world: World, isSuspended: boolean): void {
  world.isSuspended = isSuspended;
  window.dispatchEvent(new Event(isSuspended ? 'pagehide' : 'pageshow'));
}

/** A story that fails is printed as the names of its steps. */
const step = (name: string, run: Step['run']): Step => ({ name, run, [fc.toStringMethod]: () => name });

/** What the page's code does; a page in the back/forward cache does nothing. */
const own = (name: string, run: Step['run']) => step(name, (world) => (world.isSuspended ? undefined : run(world)));

const some = <T>(values: readonly T[], make: (value: T) => Step) => fc.constantFrom(...values).map(make);

const SERVER = [
  step('append', ({ server }) => server.append()),
  step('append', ({ server }) => server.append()),
  step('trim', ({ server }) => server.log.trim(0)),
  step('trim to one', ({ server }) => server.log.trim(1)),
  step('outage', ({ server }) => server.loseHistory()),
  step('finish', ({ server }) => server.finish()),
  step('retry', ({ server }) => void (server.log.hasEnded = false)),
  step('restart', ({ server }) => server.restart()),
];
const NETWORK = [
  step('drop', ({ server }) => server.drop()),
  step('end', ({ server }) => server.end()),
  step('fail 500', ({ server }) => server.fail(500)),
  step('fail 503', ({ server }) => server.fail(503)),
  step('fail 401', ({ server }) => server.fail(401)),
  step('hold', ({ server }) => server.hold()),
];
const PAGE_LIFE = [
  step('offline', () => setOnline(false)),
  step('online', () => setOnline(true)),
  step('hidden', () => setHidden(true)),
  step('visible', () => setHidden(false)),
  step('pagehide', (world) => setSuspended(world, true)),
  step('pageshow', (world) => setSuspended(world, false)),
  step('sleep', ({ test }) => test.server.clock.sleep(120_000)),
];
const USER = [
  own('reconnect', ({ connection }) => connection.reconnect()),
  own('unsubscribe', (world) => world.unsubscribe()),
  own('subscribe', (world) => world.subscribe()),
  own('auto', (world) => void (world.transport = 'auto')),
  own('sse', (world) => void (world.transport = 'sse')),
  own('native', (world) => void (world.transport = 'native')),
  own('fetch', (world) => void (world.transport = 'fetch')),
  own('polling', (world) => void (world.transport = 'polling')),
];
const CLOSES: readonly CloseReason[] = ['lifetime', 'drain', 'limit', 'overloaded', 'slow', 'revoked', 'superseded'];
const PAGES: readonly PageAnswer[] = ['page', 'page', 'page', 'page', 'drop', 'portal', 401, 404, 429, 500, 503];

/** What mostly happens: the client comes, is served, and more is written. */
const ARRIVE = step('arrive', ({ server, test }) => {
  test.server.clock.advance(30_000);
  server.accept();
  server.append();
  server.append();
});

/** Whatever can happen. */
export const STEPS: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: fc.constantFrom(...SERVER), weight: 6 },
  { arbitrary: fc.constant(step('accept', ({ server }) => server.accept())), weight: 6 },
  fc.constant(step('accept again', ({ server }) => server.accept(1))),
  { arbitrary: fc.constant(ARRIVE), weight: 2 },
  { arbitrary: fc.constantFrom(...NETWORK), weight: 3 },
  {
    arbitrary: some(['old', 'idless', 'old, idless', 'heartbeat'] as const, (kind) =>
      step(kind, ({ server }) => server.chatter(kind)),
    ),
    weight: 4,
  },
  some(['comment', 'retry 0', 'retry 90000'] as const, (what) => step(what, ({ server }) => server.say(what))),
  {
    arbitrary: fc
      .tuple(fc.constantFrom(...CLOSES), fc.constantFrom(0, 500, 90_000))
      .map(([reason, retryAfterMs]) => step(`close ${reason}`, ({ server }) => server.close(reason, retryAfterMs))),
    weight: 2,
  },
  { arbitrary: some(PAGES, (page) => step(`page ${page}`, ({ server }) => server.answerPage(page))), weight: 4 },
  {
    arbitrary: some([0, 100, 1_000, 3_000, 11_000, 40_000, 400_000], (ms) =>
      step(`advance ${ms}`, ({ test }) => test.server.clock.advance(ms)),
    ),
    weight: 7,
  },
  { arbitrary: fc.constantFrom(...PAGE_LIFE), weight: 4 },
  { arbitrary: fc.constant(step('snapshot', ({ snapshots }) => snapshots.resolve())), weight: 2 },
  fc.constant(step('no snapshot', ({ snapshots }) => snapshots.reject(new Error('no snapshot')))),
  { arbitrary: fc.constant(step('ticket', ({ tickets }) => tickets.resolve('t'))), weight: 3 },
  some([401, 503], (status) => step(`ticket ${status}`, ({ tickets }) => tickets.reject({ status }))),
  { arbitrary: fc.constantFrom(...USER), weight: 4 },
);
