import { describe, expect, it } from '@jest/globals';
import { idsUpTo, QUICK, seenIds, seenStates, TRANSPORTS, useStage } from './stage.js';

const onStage = useStage({ maxLifetimeMs: 150 });

describe.each(TRANSPORTS)('a lifetime that each connection has, with %s', (_, transport) => {
  const features = { ...QUICK, ...transport };

  it('is no failure, and nothing is lost over many of them', async () => {
    const { server, network, page } = onStage();
    const log = server.addLog('log');
    await page.connect('live', '/logs/log/events', { features });
    for (let connections = 1; connections <= 4; connections += 1) {
      await network.when(() => network.streams.length >= connections);
      await log.grow(2);
    }
    await page.waitForCount('live', 8);

    const report = await page.report('live');
    expect(seenIds(report)).toEqual(idsUpTo(8));
    expect(new Set(seenStates(report))).toEqual(new Set(['connecting', 'open', 'reconnecting']));
    expect(report.attempt).toBe(0);
  });
});
