import { describe, expect, it } from '@jest/globals';
import {
  answer,
  blackHole,
  buffer,
  cutAfter,
  type Fault,
  muteAfter,
  pass,
  slowHeader,
  throttle,
} from '../../support/fault-proxy-faults.js';
import type { PageFeatures } from '../../support/sse-page/page-api.js';
import type { SsePage } from '../../support/sse-page/sse-page.js';
import { idsUpTo, QUICK, seenIds, TRANSPORTS, useStage } from './stage.js';

const STEPS = 20;
const URL_OF_LOG = '/logs/log/events';

const onStage = useStage({ heartbeatIntervalMs: 100 });

/** The same numbers from 0 to 1 for the same seed (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function chooseFault(random: () => number): Fault {
  const bytes = Math.floor(random() * 1_500);
  const faults: readonly Fault[] = [
    pass,
    blackHole,
    buffer,
    cutAfter(bytes, 'answer', 'reset'),
    cutAfter(bytes, 'body'),
    muteAfter(bytes),
    answer(500),
    answer(503, { 'retry-after': '0' }),
    slowHeader(50),
    throttle(200, 2),
  ];
  return faults[Math.floor(random() * faults.length)] ?? pass;
}

describe.each(TRANSPORTS)('a storm of faults, with %s', (_, transport) => {
  const features: PageFeatures = {
    ...QUICK,
    ...transport,
    reconnect: { initialDelayMs: 10, maxDelayMs: 40, jitter: 0.5, stableAfterMs: 300 },
    liveness: { firstByteTimeoutMs: 200, heartbeatFactor: 3 },
  };
  const polling = { afterFailures: 3, intervalMs: 30, retryStreamAfterMs: 100 };

  /** One fault after the other, while messages come. Answers with how many there are. */
  async function blow(seed: number): Promise<number> {
    const { server, network } = onStage();
    const random = createRandom(seed);
    let count = 0;
    for (let step = 0; step < STEPS; step += 1) {
      const fault = chooseFault(random);
      const cut = cutAfter(Math.floor(random() * 1_500), 'answer', 'reset');
      network.decide(({ path, isStream }) => {
        if (isStream) return fault;
        // Pages are what is left to those to whom no stream gets through, so only some are cut.
        return path.startsWith(URL_OF_LOG) && random() < 0.3 ? cut : pass;
      });
      // What is open is of an earlier fault: it ends in one way or the other, so that this one is met.
      if (random() < 0.5) network.cut();
      else network.muteStreams();
      const added = 1 + Math.floor(random() * 5);
      await server.log('log').grow(added);
      count += added;
      network.mend();
      const asked = network.requests.length;
      await network.when(() => network.requests.length > asked);
    }
    network.lift();
    return count;
  }

  async function expectAll(page: SsePage, count: number): Promise<void> {
    await page.waitForCount('live', count);
    await page.waitForState('live', 'open');
    expect(seenIds(await page.report('live'))).toEqual(idsUpTo(count));
  }

  it.each([
    [1, 'by streams alone', features],
    [2, 'by streams alone', features],
    [3, 'by streams and pages', { ...features, polling }],
    [4, 'by streams and pages', { ...features, polling }],
  ])('loses nothing, doubles nothing and ends well: storm %i, %s', async (seed, _how, chosen) => {
    const { server, network, page } = onStage();
    server.addLog('log');
    await page.connect('live', URL_OF_LOG, { features: chosen });
    await page.waitForState('live', 'open');
    const count = await blow(seed);

    await expectAll(page, count);
    await network.when(() => network.openStreams === 1);
  });

  it('does so in tabs that share the stream, too', async () => {
    const { server, network, page } = onStage();
    server.addLog('log');
    const tabs = [page, await page.openTab()];
    for (const tab of tabs) {
      await tab.connect('live', URL_OF_LOG, { features: { ...features, polling, tabs: { leaderTimeoutMs: 2_000 } } });
      await tab.waitForState('live', 'open');
    }
    const count = await blow(5);

    for (const tab of tabs) await expectAll(tab, count);
    await network.when(() => network.openStreams === 1);
  });
});
