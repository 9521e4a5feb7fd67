/** The flags of `npm run soak`. */
import { parseArgs } from 'node:util';

/** Shortest round in which everything that happens, happens. */
const SHORTEST_ROUND_MS = 12_000;

/** Reads the flags. Throws with one clear sentence for what makes no sense. */
export function readOptions(argv = process.argv.slice(2)) {
  const { values } = parseArgs({
    args: argv,
    options: {
      minutes: { type: 'string', default: '10' },
      clients: { type: 'string', default: '150' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    },
  });
  const numberOf = (name) => {
    const value = Number(values[name]);
    if (!(value > 0)) throw new Error(`--${name} takes a number above 0, not ${values[name]}.`);
    return value;
  };
  const totalMs = numberOf('minutes') * 60_000;
  // A minute each; of a short run, three parts, the first of which warms up.
  const roundMs = Math.max(SHORTEST_ROUND_MS, Math.min(60_000, totalMs / 3));
  return {
    roundMs,
    rounds: Math.max(2, Math.round(totalMs / roundMs)),
    clients: Math.ceil(numberOf('clients')),
    seed: Math.floor(numberOf('seed')),
  };
}

/** Numbers from 0 to 1 that come again for the same seed (mulberry32). */
export function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
