/** One message to all: what a delivery costs the server, and how long it takes. Paced and in a burst. */
import { PEERS } from './bench-server.mjs';
import { atLeast, atMost } from './bars.mjs';
import { interleave, withPair } from './rounds.mjs';

/** Messages before the measurement, so that the compiler has seen the work. */
const WARM_UP = 50;

/** Deliveries per CPU second as multiples of each peer's. */
const BARS = {
  paced: { bare: 1, stock: 2.2, 'better-sse': 1.5 },
  burst: { bare: 8, stock: 15, 'better-sse': 10 },
};

/**
 * @param {'paced' | 'burst'} name
 * @param {ReturnType<typeof import('./options.mjs').readOptions>} options
 */
export async function compareFanOut(name, options) {
  const { peers, rounds, cores, connections, size } = options;
  const load = { ...options[name], size };
  const results = await interleave({ rounds, subjects: peers, label: name }, (peer) =>
    withPair(peer, { cores }, (server, client) => measureFanOut(server, client, { connections, load })),
  );
  const pace = load.paceMs > 0 ? `one per ${load.paceMs} ms` : 'one per turn of the event loop';
  return {
    title: `${name}: ${connections} connections, ${load.count} messages of ${size} bytes, ${pace}`,
    columns: [
      'ours ×',
      'deliveries/CPU s',
      'µs each',
      'p50 ms',
      'p99 ms',
      'published in s',
      'wall s',
      'client/server CPU',
    ],
    rows: peers.map((peer) => [PEERS[peer].title, ...rowOf(results[peer].median, results.ours?.median)]),
    bars: barsOf(name, results),
    results,
  };
}

/** Opens the streams, warms up, and measures one load. */
export async function measureFanOut(server, client, { connections, load }) {
  await client.open({ port: server.port, count: connections });
  await Promise.all([client.expect({ target: WARM_UP }), server.publish({ count: WARM_UP, size: load.size })]);
  await client.reset();
  const before = { server: await server.cpuSeconds(), client: await client.cpuSeconds(), at: performance.now() };
  const timeoutMs = 180_000 + load.count * load.paceMs;
  const [got, { durationMs }] = await Promise.all([
    client.expect({ target: load.count, timeoutMs }),
    server.publish(load),
  ]);
  const serverCpu = (await server.cpuSeconds()) - before.server;
  return {
    deliveries: got.deliveries,
    deliveriesPerCpuSecond: got.deliveries / serverCpu,
    microsecondsEach: (serverCpu * 1e6) / got.deliveries,
    latencyP50Ms: got.latencyMs.p50,
    latencyP99Ms: got.latencyMs.p99,
    latencyMaxMs: got.latencyMs.max,
    publishedSeconds: durationMs / 1000,
    wallSeconds: (got.reachedAt - performance.timeOrigin - before.at) / 1000,
    serverCpuSeconds: serverCpu,
    clientCpuSeconds: (await client.cpuSeconds()) - before.client,
  };
}

function rowOf(median, ours) {
  return [
    ours ? ratio(ours.deliveriesPerCpuSecond, median.deliveriesPerCpuSecond).toFixed(2) : '',
    Math.round(median.deliveriesPerCpuSecond).toLocaleString('en'),
    median.microsecondsEach.toFixed(2),
    median.latencyP50Ms.toFixed(1),
    median.latencyP99Ms.toFixed(1),
    median.publishedSeconds.toFixed(2),
    median.wallSeconds.toFixed(2),
    (median.clientCpuSeconds / median.serverCpuSeconds).toFixed(2),
  ];
}

function barsOf(name, results) {
  const { ours, stock } = results;
  if (!ours) return [];
  const bars = Object.entries(BARS[name])
    .filter(([peer]) => results[peer])
    .map(([peer, bar]) => {
      const value = ratio(ours.median.deliveriesPerCpuSecond, results[peer].median.deliveriesPerCpuSecond);
      return atLeast(`${name}: deliveries per CPU second, × ${PEERS[peer].title}`, value, bar);
    });
  if (stock) {
    bars.push(atMost(`${name}: latency p99, ms, as Nest @Sse()`, ours.median.latencyP99Ms, stock.median.latencyP99Ms));
  }
  return bars;
}

const ratio = (value, other) => value / other;
