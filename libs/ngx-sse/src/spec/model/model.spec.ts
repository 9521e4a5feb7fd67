import { TestBed } from '@angular/core/testing';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { withFetchTransport } from '../../index';
import { settled } from '../../testing/test-page';
import { turns } from '../turns';
import { setHidden, setOnline, setSuspended, STEPS, type Step } from './model-steps';
import { MAX_DELAY_MS, World, type Variant } from './model-world';

/** How long a server that is well takes to answer. */
const ANSWER_MS = 5_000;

const VARIANTS: Readonly<Record<string, Variant>> = {
  EventSource: {},
  'EventSource, tickets and validation': { hasTickets: true, isValidated: true },
  fetch: { features: [withFetchTransport()] },
  'fetch, tickets and validation': { features: [withFetchTransport()], hasTickets: true, isValidated: true },
};

/** Everything is well again: then everything must come, within the longest delays. */
async function recover(world: World): Promise<void> {
  const { server, snapshots, tickets, test, connection } = world;
  setOnline(true);
  setHidden(false);
  setSuspended(world, false);
  // In steps that are shorter than what a client waits for an answer: a server that is well answers each request.
  for (let waitedMs = 0; waitedMs < 6 * MAX_DELAY_MS; waitedMs += ANSWER_MS) {
    if (connection.error()?.code === 'unsupported') world.transport = 'auto';
    // As a person would.
    if (connection.state() === 'failed' || (world.hasEnded && !world.reader.hasAll(server.log))) connection.reconnect();
    world.subscribe();
    test.server.clock.advance(ANSWER_MS);
    await turns();
    for (const answer of [() => tickets.resolve('t'), () => server.accept(), () => server.answerPage('page')]) {
      answer();
      await turns();
    }
    snapshots.resolve();
    await turns();
  }
}

async function live(world: World, story: readonly Step[], been: Set<string>): Promise<void> {
  world.subscribe();
  for (const { run } of story) {
    run(world);
    await turns();
    expect(world.fault).toBeUndefined();
    been.add(world.connection.state());
  }
}

async function endWell(world: World, been: Set<string>): Promise<void> {
  await recover(world);
  expect(world.fault).toBeUndefined();
  expect(world.reader.hasAll(world.server.log)).toBe(true);
  expect(world.reader.isHere(world.connection.lastEventId())).toBe(true);
  if (world.server.log.hasEnded) expect(world.connection.state()).toBe('closed');
  if (world.reader.hasDelivered) been.add('delivered');
  if (world.reader.hasBridged) been.add('bridged');
}

async function endAtOnce(world: World): Promise<void> {
  world.close();
  expect(world.server.load).toBe(0);
  world.test.server.verifyNothingLeft();
  world.tickets.resolve('late');
  world.snapshots.resolve();
  await turns();
  world.test.server.clock.advance(400_000);
  await turns();
  expect(world.fault).toBeUndefined();
  expect(world.server.load).toBe(0);
  world.test.server.verifyNothingLeft();
}

/** For a search: `SSE_MODEL_RUNS=5000 SSE_MODEL_SEED=…`. */
const { env } = (globalThis as unknown as { process: { env: Readonly<Record<string, string | undefined>> } }).process;
const RUNS = Number(env['SSE_MODEL_RUNS'] ?? 120);
const SEED = Number(env['SSE_MODEL_SEED'] ?? 1);
const FRESH_RUNS = 30;

describe.each(Object.entries(VARIANTS))('any interleaving of what can happen, with %s', (_, variant) => {
  const been = new Set<string>();
  const stories = fc.asyncProperty(
    fc.array(STEPS, { minLength: 5, maxLength: 50 }),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.boolean(),
    async (story, random, isClosedEarly) => {
      TestBed.resetTestingModule();
      setOnline(true);
      setHidden(false);
      const world = new World(variant);
      world.test.server.random = random;
      await live(world, story, been);
      if (!isClosedEarly) await endWell(world, been);
      await endAtOnce(world);
    },
  );

  it('keeps one connection, the order, the bounds of delays; recovers; and leaves nothing behind', async () => {
    await settled(); // the document's own pageshow
    await fc.assert(stories, { numRuns: RUNS, seed: SEED });
    // The model has been where it should be.
    const expected = ['idle', 'connecting', 'open', 'reconnecting', 'polling', 'offline', 'closed', 'failed'];
    expect([...been]).toEqual(expect.arrayContaining([...expected, 'delivered', 'bridged']));
  }, 600_000);

  it('does so in stories that nobody has lived before; what fails prints its seed', async () => {
    await settled();
    await expect(fc.assert(stories, { numRuns: FRESH_RUNS })).resolves.toBeUndefined();
  });
});
