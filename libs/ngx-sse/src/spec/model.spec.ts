import { TestBed } from '@angular/core/testing';
import { describe, expect, it } from '@jest/globals';
import type { RunEvents } from '@throughline/sse-protocol';
import fc from 'fast-check';
import type { Subscription } from 'rxjs';
import { withPollingFallback, type SseConnection } from '../index';
import { settled } from '../testing/test-page';
import { ModelServer, ModelSnapshots } from './model-server';
import { setUpClient, URL, type TestClient } from './set-up-client';

const MAX_DELAY_MS = 30_000;
/** How long a server that is well takes to answer. */
const ANSWER_MS = 5000;

/** What one run of the model works on. */
class World {
  readonly test: TestClient = setUpClient(withPollingFallback({ giveUpAfterMs: Infinity }));
  readonly server = new ModelServer(this.test.server);
  readonly snapshots = new ModelSnapshots();
  readonly connection: SseConnection<RunEvents> = this.test.client.connect<RunEvents>(URL, {
    onGap: async (gap) => {
      await this.snapshots.onGap(gap);
      this.#bridgedTo.add(Number(gap.to));
    },
  });
  /** The last id delivered. */
  #last = 0;
  /** Ends of the gaps whose snapshot was read. */
  readonly #bridgedTo = new Set<number>();
  #subscription: Subscription | undefined;

  /** Whether everything was delivered, or is in a snapshot. */
  get isComplete(): boolean {
    return this.#last === this.server.tail || this.#bridgedTo.has(this.server.tail);
  }

  get hasDelivered(): boolean {
    return this.#last > 0;
  }

  get hasBridged(): boolean {
    return this.#bridgedTo.size > 0;
  }

  subscribe(): void {
    this.#subscription ??= this.connection.messages.subscribe(({ id, event }) => {
      if (event !== 'status') return; // the ones without an id
      this.#checkNext(Number(id));
      this.#last = Number(id);
    });
  }

  unsubscribe(): void {
    this.#subscription?.unsubscribe();
    this.#subscription = undefined;
  }

  /** What is not as it must always be. */
  get fault(): string | undefined {
    if (this.server.load > 1) return `${this.server.load} requests are under way.`;
    const dueAt = this.connection.nextAttemptAt()?.getTime() ?? 0;
    if (dueAt - this.test.server.clock.now() > MAX_DELAY_MS) return 'The delay is too long.';
    return this.#disorder;
  }

  /** RxJS reports what a subscriber throws elsewhere, so it is kept for {@link fault}. */
  #disorder: string | undefined;

  #checkNext(id: number): void {
    const follows = id === this.#last + 1 || (id > this.#last && this.#bridgedTo.has(id - 1));
    if (!follows) this.#disorder ??= `After ${this.#last} came ${id}.`;
  }
}

type Step = (world: World) => void | Promise<void>;

const setOnline = (isOnline: boolean) => {
  Object.defineProperty(navigator, 'onLine', { value: isOnline, configurable: true });
  window.dispatchEvent(new Event(isOnline ? 'online' : 'offline'));
};

const step = (name: string, run: Step) => fc.constant({ name, run });
const steps = fc.oneof(
  { arbitrary: step('append', ({ server }) => server.append()), weight: 6 },
  { arbitrary: step('accept', ({ server }) => server.accept()), weight: 8 },
  step('trim', ({ server }) => server.trim()),
  { arbitrary: step('outage', ({ server }) => server.loseHistory()), weight: 3 },
  step('drop', ({ server }) => server.drop()),
  step('fail', ({ server }) => server.fail()),
  {
    arbitrary: fc
      .constantFrom('old' as const, 'idless' as const, 'heartbeat' as const)
      .map((kind) => ({ name: kind, run: ({ server }: World) => server.chatter(kind) })),
    weight: 4,
  },
  fc
    .tuple(fc.constantFrom('lifetime', 'drain', 'limit', 'slow', 'revoked'), fc.constantFrom(0, 500, 90_000))
    .map(([reason, retryAfterMs]) => ({
      name: `close ${reason}`,
      run: ({ server }: World) => server.close(reason as 'drain', retryAfterMs),
    })),
  {
    arbitrary: fc
      .constantFrom('page' as const, 'page' as const, 'drop' as const, 503 as const)
      .map((answer) => ({ name: `page ${answer}`, run: ({ server }: World) => server.answerPage(answer) })),
    weight: 4,
  },
  {
    arbitrary: fc
      .constantFrom(0, 100, 1_000, 3_000, 11_000, 40_000, 400_000)
      .map((ms) => ({ name: `advance ${ms}`, run: ({ test }: World) => test.server.advance(ms) })),
    weight: 8,
  },
  step('sleep', ({ test }) => test.server.clock.sleep(120_000)),
  step('offline', () => setOnline(false)),
  step('online', () => setOnline(true)),
  step('visible', () => void document.dispatchEvent(new Event('visibilitychange'))),
  step('pagehide', () => void window.dispatchEvent(new Event('pagehide'))),
  step('pageshow', () => void window.dispatchEvent(new Event('pageshow'))),
  { arbitrary: step('snapshot', ({ snapshots }) => snapshots.settle(true)), weight: 3 },
  step('no snapshot', ({ snapshots }) => snapshots.settle(false)),
  step('reconnect', ({ connection }) => connection.reconnect()),
  step('unsubscribe', (world) => world.unsubscribe()),
  step('subscribe', (world) => world.subscribe()),
);

async function recover({ server, snapshots, test }: World): Promise<void> {
  setOnline(true);
  window.dispatchEvent(new Event('pageshow'));
  // In steps that are shorter than what a client waits for an answer: a server that is well answers each request.
  for (let waitedMs = 0; waitedMs < 6 * MAX_DELAY_MS; waitedMs += ANSWER_MS) {
    await test.server.advance(ANSWER_MS);
    server.accept();
    await server.answerPage('page');
    await snapshots.settle(true);
  }
}

async function live(world: World, story: { run: Step }[], been: Set<string>): Promise<void> {
  world.subscribe();
  for (const { run } of story) {
    await run(world);
    // What is done "in a moment", such as pausing, is done before the next step.
    for (let i = 0; i < 10; i += 1) await Promise.resolve();
    expect(world.fault).toBeUndefined();
    been.add(world.connection.state());
  }
  world.subscribe();
  await recover(world);
  expect(world.fault).toBeUndefined();
  expect(world.isComplete).toBe(true);
  if (world.hasDelivered) been.add('delivered');
  if (world.hasBridged) been.add('bridged');
  world.connection.close();
  await world.test.server.advance(400_000);
  expect(world.server.load).toBe(0);
  world.test.server.verifyNothingLeft();
}

describe('any interleaving of what can happen', () => {
  it('keeps one connection, the order, the bounds of delays; recovers; and leaves nothing behind', async () => {
    await settled(); // the document's own pageshow
    const been = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.array(steps, { minLength: 5, maxLength: 40 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (story, random) => {
          TestBed.resetTestingModule();
          setOnline(true);
          const world = new World();
          world.test.server.random = random;
          await live(world, story, been);
        },
      ),
      // The same stories each time: another seed is for a search, not for whoever runs the tests.
      { numRuns: 120, seed: 1 },
    );
    // The model has been where it should be.
    const expected = ['idle', 'connecting', 'open', 'reconnecting', 'polling', 'offline', 'delivered', 'bridged'];
    expect([...been]).toEqual(expect.arrayContaining(expected));
  }, 60_000);
});
