/** Flags and start of every benchmark server. */
import { parseArgs } from 'node:util';

/** How many connections may wait to be accepted: thousands come at once here. The system's own bound may be lower. */
const BACKLOG = 8192;

/**
 * The flags of this process: `--port` (default 0, a free one) and those given.
 *
 * @param {Record<string, number>} defaults numbers by their flag
 * @returns {{ port: number } & Record<string, number>}
 */
export function numbersFromFlags(defaults = {}) {
  const all = { port: 0, ...defaults };
  const options = Object.fromEntries(Object.keys(all).map((name) => [name, { type: 'string' }]));
  const { values } = parseArgs({ options });
  return Object.fromEntries(
    Object.entries(all).map(([name, fallback]) => {
      const value = Number(values[name] ?? fallback);
      if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`--${name} is a whole number from 0.`);
      return [name, value];
    }),
  );
}

/**
 * Listens on this machine only, says so in one line, and ends at SIGTERM.
 *
 * @param {import('node:http').Server} server
 * @param {number} port
 */
export function listen(server, port) {
  server.listen({ port, host: '127.0.0.1', backlog: BACKLOG }, () => {
    console.log(`ready on http://127.0.0.1:${server.address().port}`);
  });
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => process.exit(0));
}
