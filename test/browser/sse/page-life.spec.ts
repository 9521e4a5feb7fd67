import { describe, expect, it } from '@jest/globals';
import { freeze } from './freeze.js';
import { idsUpTo, QUICK, seenIds, seenStates, TRANSPORTS, useStage } from './stage.js';

const HEARTBEAT_MS = 200;
const onStage = useStage({ heartbeatIntervalMs: HEARTBEAT_MS });

/** What the browser does to a page that goes into its back/forward cache, or comes back. */
function tellOf(type: string): void {
  window.dispatchEvent(new PageTransitionEvent(type, { persisted: true }));
}

describe.each(TRANSPORTS)('the life of a page that streams by %s', (_, transport) => {
  const features = { ...QUICK, ...transport };

  /** A page that has read the three messages of a log which goes on. */
  async function readThree() {
    const { server, network, page } = onStage();
    const log = server.addLog('log');
    await log.grow(3);
    await page.connect('live', '/logs/log/events', { features });
    await page.waitForCount('live', 3);
    return { log, network, page };
  }

  // Chromium's headless shell has no back/forward cache, so the page is told and frozen as that cache does it.
  it('pauses in the back/forward cache, where nothing is open, and goes on from there', async () => {
    const { log, network, page } = await readThree();
    await page.page.evaluate(tellOf, 'pagehide');
    await network.when(() => network.openStreams === 0);
    const thaw = await freeze(page.page);
    await log.grow(2);
    expect(network.streams).toHaveLength(1);
    await thaw();
    await page.page.evaluate(tellOf, 'pageshow');
    await page.waitForCount('live', 5);

    const report = await page.report('live');
    expect(seenIds(report)).toEqual(idsUpTo(5));
    expect(seenStates(report)).toEqual(['connecting', 'open', 'reconnecting', 'open']);
    expect(report.attempt).toBe(0);
    expect(network.streams).toHaveLength(2);
  });

  it('leaves nothing open when somebody goes elsewhere, and begins anew when they come back', async () => {
    const { log, network, page } = await readThree();
    await page.page.goto(`${network.url}/elsewhere`);
    await network.when(() => network.openStreams === 0);
    await log.grow(1);
    await page.page.goBack();
    await page.load();
    await page.connect('live', '/logs/log/events', { features });
    await page.waitForCount('live', 4);

    expect(seenIds(await page.report('live'))).toEqual(idsUpTo(4));
    expect(network.openStreams).toBe(1);
  });

  it('is frozen in the background without a word, and misses nothing', async () => {
    const { log, network, page } = await readThree();
    const thaw = await freeze(page.page);
    const before = network.streams[0]?.passedBytes ?? 0;
    await log.grow(2);
    await network.when(() => (network.streams[0]?.passedBytes ?? 0) > before);
    network.cut();
    network.mend();
    await log.grow(1);
    await thaw();
    await page.waitForCount('live', 6);
    await page.waitForState('live', 'open');

    const report = await page.report('live');
    expect(seenIds(report)).toEqual(idsUpTo(6));
    expect(network.openStreams).toBe(1);
  });

  it('wakes with a dead socket, and finds out', async () => {
    const { log, network, page } = await readThree();
    const thaw = await freeze(page.page);
    network.muteStreams();
    await log.grow(2);
    await thaw();
    await page.waitForCount('live', 5);

    const report = await page.report('live');
    expect(seenIds(report)).toEqual(idsUpTo(5));
    expect(seenStates(report)).toEqual(['connecting', 'open', 'reconnecting: silent', 'open']);
    expect(network.openStreams).toBe(1);
  });
});
