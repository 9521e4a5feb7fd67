/** A herd: all clients lose their stream, and come back at once, each some messages behind. */
import { setTimeout as delay } from 'node:timers/promises';
import { atMost } from './bars.mjs';
import { interleave, withPair } from './rounds.mjs';

/** Reads of the log per client: far less than one, or the log would feel the herd. */
const READS_BAR = 0.1;

export async function measureReconnect({ rounds, cores, size, reconnecting: { clients, behind } }) {
  const results = await interleave({ rounds, subjects: ['ours'], label: 'reconnect' }, () =>
    withPair('ours', { cores }, async (server, client) => {
      const { port } = server;
      await client.open({ port, count: clients });
      const [{ lastId }] = await Promise.all([server.publish({ count: 1, size }), client.expect({ target: 1 })]);
      await client.close();
      await waitUntilGone(server);
      await server.publish({ count: behind, size });
      await server.stats('reset=1');
      const herd = { port, count: clients, lastEventId: lastId, target: behind, isAtOnce: true };
      const { beganAt, openedAt } = await client.open(herd);
      const { reachedAt } = await client.expect({ target: behind });
      const { eventLoopDelayMs, logReads } = await server.stats();
      return {
        openedSeconds: (openedAt - beganAt) / 1000,
        caughtUpSeconds: (reachedAt - beganAt) / 1000,
        loopDelayP99Ms: eventLoopDelayMs.p99,
        loopDelayMaxMs: eventLoopDelayMs.max,
        logReads,
        logReadsPerClient: logReads / clients,
      };
    }),
  );
  const { openedSeconds, caughtUpSeconds, loopDelayP99Ms, loopDelayMaxMs, logReads, logReadsPerClient } =
    results.ours.median;
  return {
    title: `reconnect: ${clients} clients at once, each ${behind} messages behind`,
    columns: ['all caught up, s', 'all open, s', 'loop delay p99, ms', 'max, ms', 'reads of the log', 'per client'],
    rows: [
      [
        '@throughline/nest-sse',
        caughtUpSeconds.toFixed(2),
        openedSeconds.toFixed(2),
        loopDelayP99Ms.toFixed(1),
        loopDelayMaxMs.toFixed(1),
        String(logReads),
        logReadsPerClient.toFixed(4),
      ],
    ],
    bars: [
      atMost('reconnect: all caught up, s', caughtUpSeconds, 5),
      atMost('reconnect: event loop delay p99, ms', loopDelayP99Ms, 100),
      atMost('reconnect: reads of the log per client', logReadsPerClient, READS_BAR),
    ],
    results,
  };
}

async function waitUntilGone(server) {
  for (let wait = 0; (await server.stats()).connections > 0; wait += 1) {
    if (wait > 100) throw new Error('The server still counts connections 10 s after their clients left.');
    await delay(100);
  }
}
