import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SseConnections } from '../../index.js';
import { FOLLOWERS, World } from '../testing/world.js';

/** Bytes of a message: small, and large enough for a few to fill what the sockets of a client that does not read hold. */
const SIZES = [0, 2_000, 150_000];
/** How long the search may take; more for a longer one: `FUZZ_SECONDS=600`. */
const SECONDS = Number(process.env['FUZZ_SECONDS'] ?? 10);
/** How long one history may take, after which it hangs. */
const HANG_MS = 30_000;

type Step = fc.AsyncCommand<object, World>;

class Action implements Step {
  constructor(
    private readonly name: string,
    private readonly act: (world: World) => unknown,
  ) {}

  check(): boolean {
    return true;
  }

  async run(_: object, world: World): Promise<void> {
    await this.act(world);
    if (world.faults.length > 0) throw new Error(world.faults.join('; '));
  }

  toString(): string {
    return this.name;
  }
}

const who = fc.nat(FOLLOWERS - 1);
const turns = fc.nat(3);
const steps: fc.Arbitrary<Step>[] = [
  fc.tuple(fc.integer({ min: 1, max: 30 }), fc.constantFrom(...SIZES)).map(([count, bytes]) => {
    return new Action(`publish ${count} of ${bytes}`, (world) => world.publish(count, bytes));
  }),
  fc.integer({ min: 1, max: 12 }).map((count) => {
    return new Action(`publish ${count}, one by one`, async (world) => {
      for (let n = 0; n < count; n += 1) await world.publish(1, 10);
    });
  }),
  who.map(
    (index) =>
      new Action(`connect ${index}`, ({ followers, streams }) => followers[index]?.connect(streams.server, '/log')),
  ),
  fc
    .tuple(who, fc.constantFrom('destroy' as const, 'reset' as const))
    .map(([index, how]) => new Action(`${how} ${index}`, ({ followers }) => followers[index]?.drop(how))),
  who.map((index) => new Action(`stall ${index}`, ({ followers }) => followers[index]?.stall())),
  who.map((index) => new Action(`read on ${index}`, ({ followers }) => followers[index]?.readOn())),
  fc.constantFrom('revoked' as const, 'lifetime' as const, 'overloaded' as const).map((reason) => {
    return new Action(`close one as ${reason}`, ({ streams }) => {
      const connections = streams.app.get(SseConnections);
      const [oldest] = connections.list();
      if (oldest) connections.close(oldest.id, reason);
    });
  }),
  fc.constantFrom(500, 16_000, 31_000, 90_000).map((ms) => {
    return new Action(`wait ${ms} ms`, ({ clock }) => clock.advance(ms));
  }),
  turns.map((count) => {
    return new Action(`yield ${count} turns`, async () => {
      for (let n = 0; n < count; n += 1) await new Promise((resolve) => setImmediate(resolve));
    });
  }),
  fc.constant(
    new Action('note to all', ({ streams }) => {
      streams.app.get(SseConnections).broadcast({ event: 'note', data: {} });
    }),
  ),
  fc.constant(new Action('restart', (world) => world.restart())),
];

describe('whatever happens in whatever order', () => {
  it(
    'gives each client every message exactly once and in order, or says what is missing',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.commands(steps, { maxCommands: 40, size: '+1' }), async (commands) => {
          const world = await World.begin();
          try {
            await fc.asyncModelRun(() => ({ model: {}, real: world }), commands);
            await world.catchUp();
            expect(world.faults).toEqual([]);
            expect(world.followers.map(({ place }) => place)).toEqual(Array(FOLLOWERS).fill(world.published));
          } finally {
            await world.end();
          }
        }),
        // Shrinking would take longer than what is left of the test's time; the seed says how to come back.
        { numRuns: SECONDS * 4, interruptAfterTimeLimit: SECONDS * 1000, timeout: HANG_MS, endOnFailure: true },
      );
    },
    60_000 + SECONDS * 2000,
  );
});
