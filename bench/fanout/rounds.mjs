/** How peers are compared: in rounds, each with a fresh server and a fresh client, one pair at a time. */
import { BenchClient } from './bench-client.mjs';
import { BenchServer } from './bench-server.mjs';
import { medians } from './statistics.mjs';

/**
 * Runs `measure` with a server and a client of its own.
 *
 * @template T
 * @param {string} peer
 * @param {{ cores: { server: number, client: number }, serverArgs?: string[] }} how
 * @param {(server: BenchServer, client: BenchClient) => Promise<T>} measure
 * @returns {Promise<T>}
 */
export async function withPair(peer, { cores, serverArgs = [] }, measure) {
  const server = await BenchServer.start(peer, { core: cores.server, args: serverArgs });
  const client = new BenchClient({ core: cores.client });
  try {
    return await measure(server, client);
  } finally {
    await Promise.all([server.stop(), client.stop()]);
  }
}

/**
 * Measures each subject once a round, so that what the machine does otherwise meets all of them alike; each round begins
 * with another.
 *
 * @param {{ rounds: number, subjects: string[], label: string }} plan
 * @param {(subject: string) => Promise<Record<string, number>>} measure
 * @returns {Promise<Record<string, { rounds: Record<string, number>[], median: Record<string, number> }>>}
 */
export async function interleave({ rounds, subjects, label }, measure) {
  const seen = new Map(subjects.map((subject) => [subject, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < subjects.length; turn += 1) {
      const subject = subjects[(round + turn) % subjects.length];
      process.stderr.write(`${label}: round ${round + 1} of ${rounds}, ${subject}\n`);
      seen.get(subject).push(await measure(subject));
    }
  }
  return Object.fromEntries([...seen].map(([subject, all]) => [subject, { rounds: all, median: medians(all) }]));
}
