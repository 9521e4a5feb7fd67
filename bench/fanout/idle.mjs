/** What a connection that gets nothing costs in memory. */
import { setTimeout as delay } from 'node:timers/promises';
import { atMost } from './bars.mjs';
import { PEERS } from './bench-server.mjs';
import { interleave, withPair } from './rounds.mjs';

const SETTLE_MS = 1000;
const KIB = 1024;

/** The slope between two sizes: what a process takes to get going at all is in both, and cancels. */
export async function compareIdle({ peers, rounds, cores, idle }) {
  const [from, to] = idle;
  const results = await interleave({ rounds, subjects: peers, label: 'idle' }, (peer) =>
    withPair(peer, { cores }, async (server, client) => {
      const low = await memoryWith(server, client, from);
      const high = await memoryWith(server, client, to - from);
      return {
        residentBytesEach: (high.resident - low.resident) / (to - from),
        usedBytesEach: (high.used - low.used) / (to - from),
        residentBytes: high.resident,
      };
    }),
  );
  const ofStock = (peer) => results[peer].median.residentBytesEach / (results.stock?.median.residentBytesEach ?? NaN);
  return {
    title: `idle: memory per connection between ${from} and ${to} connections, garbage collected`,
    columns: ['× stock', 'resident KiB each', 'heap + external KiB each', 'resident MiB in all'],
    rows: peers.map((peer) => {
      const { residentBytesEach, usedBytesEach, residentBytes } = results[peer].median;
      return [
        PEERS[peer].title,
        results.stock ? ofStock(peer).toFixed(2) : '',
        (residentBytesEach / KIB).toFixed(1),
        (usedBytesEach / KIB).toFixed(1),
        (residentBytes / KIB / KIB).toFixed(0),
      ];
    }),
    bars:
      results.ours && results.stock
        ? [atMost('idle: memory per connection, × Nest @Sse() (aim 0.8)', ofStock('ours'), 1.05)]
        : [],
    results,
  };
}

async function memoryWith(server, client, more) {
  await client.open({ port: server.port, count: more });
  await delay(SETTLE_MS);
  return server.settledMemory();
}
