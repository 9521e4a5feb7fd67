/** Readers that stop reading while the stream goes on, and want all of it afterwards. */
import { atMost } from './bars.mjs';
import { interleave, withPair } from './rounds.mjs';

const MIB = 1024 * 1024;
const WATCH_INTERVAL_MS = 250;

/** One round: it takes long, and compares nothing. */
export async function measureStalled({ cores, size, stalled: { clients, messages, seconds } }) {
  const kept = 2 * messages;
  const serverArgs = ['--stall-timeout-ms', '3600000', '--channel-max-messages', String(kept)];
  const results = await interleave({ rounds: 1, subjects: ['ours'], label: 'stalled' }, () =>
    withPair('ours', { cores, serverArgs }, async (server, client) => {
      const lastEventId = await fillHistory(server, client, { count: kept, size });
      const reading = { port: server.port, count: clients, lastEventId, sampleEvery: 1, keepsLatencies: false };
      await client.open(reading);
      // As much as passes later until the kernel's buffers are full: what the allocator takes for traffic is no stall's.
      const warmUp = 2000;
      await Promise.all([client.expect({ target: warmUp }), server.publish({ count: warmUp, size })]);
      await client.reset();
      const before = await server.settledMemory();
      await client.pause();
      const peak = watchPeak(server);
      await server.publish({ count: messages, size, paceMs: (seconds * 1000) / messages });
      const peakResident = await peak.stop();
      const { bytesQueued } = await server.stats();
      if (bytesQueued === 0) process.stderr.write('stalled: the kernel took it all; send more or larger messages.\n');
      const after = await server.settledMemory();
      const resumedAt = performance.timeOrigin + performance.now();
      await client.resume();
      const { deliveries, reachedAt } = await client.expect({ target: messages, timeoutMs: 300_000 });
      return {
        grownBytes: after.resident - before.resident,
        usedGrownBytes: after.used - before.used,
        peakGrownBytes: peakResident - before.resident,
        bytesQueued,
        deliveries,
        caughtUpSeconds: (reachedAt - resumedAt) / 1000,
      };
    }),
  );
  const { grownBytes, usedGrownBytes, peakGrownBytes, bytesQueued, deliveries, caughtUpSeconds } = results.ours.median;
  return {
    title: `stalled: ${clients} readers take nothing for ${seconds} s while ${messages} messages pass`,
    columns: ['grown MiB', 'heap + external MiB', 'peak MiB, with garbage', 'queued MiB', 'then got', 'caught up, s'],
    rows: [
      [
        '@throughline/nest-sse',
        (grownBytes / MIB).toFixed(1),
        (usedGrownBytes / MIB).toFixed(1),
        (peakGrownBytes / MIB).toFixed(1),
        (bytesQueued / MIB).toFixed(1),
        deliveries.toLocaleString('en'),
        caughtUpSeconds.toFixed(2),
      ],
    ],
    bars: [atMost('stalled: growth of resident memory, MiB', grownBytes / MIB, 20)],
    results,
  };
}

/** Fills the log to its bound, with one reader beside it, so that what it keeps is in the memory before. */
async function fillHistory(server, client, load) {
  await client.open({ port: server.port, count: 1 });
  const [{ lastId }] = await Promise.all([server.publish(load), client.expect({ target: load.count })]);
  await client.close();
  return lastId;
}

/** Looks at resident memory now and then; `stop` answers with the most that was seen. */
function watchPeak(server) {
  let most = 0;
  const look = async () => {
    most = Math.max(most, await server.residentBytes());
  };
  const timer = setInterval(look, WATCH_INTERVAL_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await look();
      return most;
    },
  };
}
