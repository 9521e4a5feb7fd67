/**
 * `npm run soak [-- --minutes 10 --clients 150 --seed 1]`: streams for a long time, with everything that goes wrong in
 * one: clients that connect, drop, stall and resume, streams that are closed, sign-outs, and an app that shuts down and
 * starts again within its process. After each round all is at rest, and measured. It fails where a client was sent
 * anything but 1..n or an announced gap, and where the server holds more at the end than after the first round.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { randomFrom, readOptions } from './options.mjs';
import { ServerProcess } from './server-process.mjs';
import { SoakClient } from './soak-client.mjs';

/** What is left of the heap's noise after garbage was collected: compiled code, and caches that fill over time. */
const HEAP_TOLERANCE = { ratio: 1.1, bytes: 4 * 1024 * 1024 };
const LONGEST_CLOSE_MS = 2000;

const options = readOptions();
const random = randomFrom(options.seed);
const server = new ServerProcess();
const faults = [];

/** What the clients of a round share. */
function makeWorld(url) {
  const counts = {};
  let rest;
  const world = {
    url,
    random,
    counts,
    isResting: false,
    resting: new Promise((resolve) => (rest = resolve)),
    count: (what, by = 1) => (counts[what] = (counts[what] ?? 0) + by),
    fault: (text) => faults.push(text),
    runs: () => server.ask('runs'),
    end() {
      world.isResting = true;
      rest();
    },
  };
  return world;
}

/** What the operators do in a round. */
async function operate(world) {
  const restartAt = performance.now() + options.roundMs * (0.4 + 0.2 * random());
  let hasRestarted = false;
  while (!world.isResting) {
    await Promise.race([sleep(300 + random() * 700), world.resting]);
    if (world.isResting) return;
    if (random() < 0.5) {
      const user = `user${Math.floor((random() * options.clients) / 3)}`;
      world.count('signed out', await server.ask('signOut', { session: `${user}/${Math.floor(random() * 4)}` }));
    } else world.count('closed', await server.ask('closeSome', { share: 0.05 }));
    if (hasRestarted || performance.now() < restartAt) continue;
    hasRestarted = true;
    const closeMs = await server.ask('restart');
    world.count('close ms', Math.round(closeMs));
    if (closeMs > LONGEST_CLOSE_MS) faults.push(`a shutdown took ${Math.round(closeMs)} ms`);
  }
}

async function runRound(url) {
  const world = makeWorld(url);
  await server.ask('publish');
  const clients = Array.from({ length: options.clients }, (_, index) => new SoakClient(world, index));
  const lives = [...clients.map((client) => client.live()), operate(world)];
  const all = Promise.all(lives);
  await Promise.race([sleep(options.roundMs), all]);
  world.end();
  await all;
  const measured = await server.ask('rest');
  return { counts: world.counts, measured };
}

/** What is more at the end than after the first round. */
function leaks(first, last) {
  const found = [];
  const limit = first.heap * HEAP_TOLERANCE.ratio + HEAP_TOLERANCE.bytes;
  if (last.heap > limit) found.push(`heap: ${megabytes(first.heap)} MB, then ${megabytes(last.heap)} MB`);
  for (const part of ['kinds', 'listeners']) {
    for (const [name, count] of Object.entries(last[part])) {
      const before = first[part][name] ?? 0;
      if (count > before) found.push(`${part} of ${name}: ${before}, then ${count}`);
    }
  }
  const { counts } = last;
  const atRest = {
    connections: last.connections,
    subscriptions: last.subscriptions,
    'listeners to hints': last.hintListeners,
    'opened, not closed': counts.opened - counts.closed,
    'slowed, not caught up': counts.slowed - counts.caughtUp,
    'faults of sources': counts.failed,
  };
  for (const [name, count] of Object.entries(atRest)) if (count !== 0) found.push(`${name} at rest: ${count}`);
  return found;
}

const megabytes = (bytes) => (bytes / 1024 / 1024).toFixed(1);
const COLUMNS = ['connected', 'resumed', 'dropped', 'stalled', 'closed', 'signed out', 'messages', 'gaps', 'close ms'];

function printRow(cells) {
  console.log(cells.map((cell, index) => String(cell).padStart(index === 0 ? 5 : 10)).join(' '));
}

console.log(
  `${options.rounds} rounds of ${options.roundMs / 1000} s, ${options.clients} clients, --seed ${options.seed}`,
);
printRow(['round', ...COLUMNS, 'heap MB', 'handles', 'listeners', 'faults']);
const measures = [];
try {
  const url = `http://127.0.0.1:${await server.ask('start')}`;
  for (let round = 1; round <= options.rounds; round += 1) {
    const { counts, measured } = await runRound(url);
    measures.push(measured);
    const sum = (numbers) => Object.values(numbers).reduce((total, count) => total + count, 0);
    const { heap, kinds, listeners } = measured;
    const figures = COLUMNS.map((name) => counts[name] ?? 0);
    printRow([round, ...figures, megabytes(heap), sum(kinds), sum(listeners), faults.length]);
  }
} finally {
  server.stop();
}
const [first, last] = [measures[0], measures.at(-1)];
console.log(`\nends: ${JSON.stringify(last.ends)}\nhandles: ${JSON.stringify(last.kinds)}`);
const wrongs = [...new Set(faults), ...leaks(first, last)];
for (const wrong of wrongs) console.log(`WRONG  ${wrong}`);
if (wrongs.length === 0) console.log('Each client saw 1..n or was told of a gap, and the server holds what it held.');
// The clients would go on looking for a server.
process.exit(wrongs.length === 0 ? 0 : 1);
