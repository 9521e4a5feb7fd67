import { TestBed } from '@angular/core/testing';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { withReconnect, type ReconnectOptions, type SseConnection } from '../index';
import type { SseTestingController } from '../testing/index';
import { record, setUpClient, URL } from './set-up-client';
import { turns } from './turns';

/** A server's `retryAfterMs: 0` must not make a loop without pauses. */
const LEAST_BASE_MS = 100;
const STABLE_MS = 10_000;

/** The schedule as the documentation has it. */
class Schedule {
  failures = 0;
  #plannedCloses = 0;
  #baseMs: number;

  constructor(readonly options: ReconnectOptions) {
    this.#baseMs = options.initialDelayMs;
  }

  fail(retryAfterMs?: number): number {
    if (retryAfterMs !== undefined) this.#baseMs = Math.max(LEAST_BASE_MS, retryAfterMs);
    this.failures += 1;
    return this.#capped(this.#baseMs * 2 ** (this.failures - 1));
  }

  closeAsPlanned(retryAfterMs: number): number {
    this.#plannedCloses += 1;
    if (this.#plannedCloses === 1) return this.#capped(retryAfterMs);
    return this.#capped(Math.max(retryAfterMs, this.options.initialDelayMs * 2 ** (this.#plannedCloses - 2)));
  }

  beStable(): void {
    this.failures = this.#plannedCloses = 0;
    this.#baseMs = this.options.initialDelayMs;
  }

  #capped(delayMs: number): number {
    return Math.min(delayMs, this.options.maxDelayMs);
  }
}

/** What becomes of one attempt; returns how long the next one is to wait at most. */
type Fate = (server: SseTestingController, schedule: Schedule, retryAfterMs: number) => number | Promise<number>;

const FATES: Readonly<Record<string, Fate>> = {
  'is cut before it opens': (server, schedule) => {
    server.expectOne(URL).drop();
    return schedule.fail();
  },
  'is cut as soon as it opens': (server, schedule) => {
    server.expectOne(URL).open().drop();
    return schedule.fail();
  },
  'is cut when almost stable': (server, schedule) => {
    const stream = server.expectOne(URL).open();
    server.clock.advance(STABLE_MS - 1);
    stream.drop();
    return schedule.fail();
  },
  'is cut when stable': (server, schedule) => {
    const stream = server.expectOne(URL).open();
    server.clock.advance(STABLE_MS);
    stream.drop();
    schedule.beStable();
    return schedule.fail();
  },
  'gets no first byte': (server, schedule) => {
    server.expectOne(URL).accept();
    server.clock.advance(10_000);
    return schedule.fail();
  },
  'is told to come later': (server, schedule, retryAfterMs) => {
    server.expectOne(URL).close('overloaded', retryAfterMs);
    return schedule.fail(retryAfterMs);
  },
  'is refused by 503': async (server, schedule, retryAfterMs) => {
    server.expectOne(URL).fail();
    const seconds = Math.round(retryAfterMs / 1_000);
    void server.expectPage(URL).respondWith(503, {}, { 'Retry-After': String(seconds) });
    await turns();
    return schedule.fail(seconds * 1_000);
  },
  'is closed as planned': (server, schedule, retryAfterMs) => {
    server.expectOne(URL).open().close('drain', retryAfterMs);
    return schedule.closeAsPlanned(retryAfterMs);
  },
};

const fates = fc.record({
  fate: fc
    .constantFrom(...Object.entries(FATES))
    .map(([name, meet]) => ({ name, meet, [fc.toStringMethod]: () => name })),
  dice: fc.double({ min: 0, max: 1, noNaN: true }),
  retryAfterMs: fc.constantFrom(0, 40, 700, 5_000, 90_000),
});

const options = fc.record({
  initialDelayMs: fc.integer({ min: 100, max: 5_000 }),
  maxDelayMs: fc.integer({ min: 100, max: 60_000 }),
  jitter: fc.double({ min: 0, max: 0.9, noNaN: true }),
  stableAfterMs: fc.constant(STABLE_MS),
});

function expectDelay(
  connection: Pick<SseConnection<object>, 'nextAttemptAt'>,
  nowMs: number,
  mostMs: number,
  { jitter, maxDelayMs }: ReconnectOptions,
) {
  const delayMs = connection.nextAttemptAt()!.getTime() - nowMs;
  expect(delayMs).toBeLessThanOrEqual(mostMs);
  expect(delayMs).toBeLessThanOrEqual(maxDelayMs);
  expect(delayMs).toBeGreaterThanOrEqual(Math.floor(mostMs * (1 - jitter)) - 1); // a Date has whole milliseconds
  return delayMs;
}

describe('the delay before an attempt', () => {
  it('is of its schedule, less a share that is random, below the cap, and starts again only after a stable connection', async () => {
    await fc.assert(
      fc.asyncProperty(options, fc.array(fates, { minLength: 1, maxLength: 25 }), async (given, story) => {
        TestBed.resetTestingModule();
        const { client, server } = setUpClient(withReconnect(given));
        const connection = client.connect(URL);
        record(connection);
        const schedule = new Schedule(given);
        for (const { fate, dice, retryAfterMs } of story) {
          server.random = dice;
          const mostMs = await fate.meet(server, schedule, retryAfterMs);
          const delayMs = expectDelay(connection, server.clock.now(), mostMs, given);
          expect(connection.attempt()).toBe(schedule.failures);
          server.clock.advance(Math.max(0, delayMs - 1));
          expect(server.openConnections).toBe(delayMs > 0 ? 0 : 1);
          // Fractions of a millisecond, which a Date does not show.
          for (let i = 0; i < 2 && server.openConnections === 0; i += 1) server.clock.advance(1);
          expect(server.openConnections).toBe(1);
        }
        connection.close();
        server.verifyNothingLeft();
      }),
      { numRuns: 150 },
    );
  });
});
