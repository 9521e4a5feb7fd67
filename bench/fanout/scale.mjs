/** Whether a delivery costs the same, however many connections there are. */
import { atMost } from './bars.mjs';
import { PEERS } from './bench-server.mjs';
import { measureFanOut } from './fan-out.mjs';
import { interleave, withPair } from './rounds.mjs';

/**
 * Deliveries per second and in all are those of the paced case, whatever the number of connections: with twice as many,
 * half as many messages at half the pace. So the only thing that differs is how many share a message.
 */
export async function measureScale({ peers, rounds, cores, size, sizes, connections, paced }) {
  const compared = peers.filter((peer) => peer === 'ours' || peer === 'bare');
  const subjects = compared.flatMap((peer) => sizes.map((count) => `${peer} ${count}`));
  const results = await interleave({ rounds, subjects, label: 'scale' }, (subject) => {
    const [peer, count] = subject.split(' ');
    const share = Number(count) / connections;
    const load = { count: Math.max(1, Math.round(paced.count / share)), paceMs: paced.paceMs * share, size };
    return withPair(peer, { cores }, (server, client) =>
      measureFanOut(server, client, { connections: Number(count), load }),
    );
  });
  const costsOf = (peer) => sizes.map((count) => results[`${peer} ${count}`].median.microsecondsEach);
  const spreadOf = (peer) => {
    const costs = costsOf(peer);
    return Math.max(...costs) / Math.min(...costs) - 1;
  };
  return {
    title: `scale: server CPU per delivery, µs, at ${Math.round((connections * 1000) / paced.paceMs)} deliveries a second`,
    columns: ['spread', ...sizes.map(String)],
    rows: compared.map((peer) => [
      PEERS[peer].title,
      `${(spreadOf(peer) * 100).toFixed(0)} %`,
      ...costsOf(peer).map((cost) => cost.toFixed(2)),
    ]),
    bars: compared.includes('ours')
      ? [atMost('scale: most over least cost of a delivery, less 1', spreadOf('ours'), 0.15)]
      : [],
    results,
  };
}
