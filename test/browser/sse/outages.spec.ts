import { describe, expect, it } from '@jest/globals';
import { answer } from '../../support/fault-proxy-faults.js';
import { idsUpTo, QUICK, seenIds, seenStates, TRANSPORTS, useStage } from './stage.js';

const onStage = useStage();

describe.each(TRANSPORTS)('an outage, with %s', (_, transport) => {
  const features = { ...QUICK, ...transport };

  it('of a server that restarts and says so is bridged', async () => {
    const { server, page } = onStage();
    const log = server.addLog('log');
    await log.grow(3);
    await page.connect('live', '/logs/log/events', { features });
    await page.waitForCount('live', 3);
    await server.stop();
    await log.grow(2);
    await page.waitForState('live', 'reconnecting');
    await server.start();
    await page.waitForCount('live', 5);
    await page.waitForState('live', 'open');

    const report = await page.report('live');
    expect(seenIds(report)).toEqual(idsUpTo(5));
    expect(seenStates(report).slice(0, 3)).toEqual(['connecting', 'open', 'reconnecting']);
    expect(server.openStreams).toBe(1);
  });

  it('of a server that crashes and comes back is bridged', async () => {
    const { server, network, page } = onStage();
    const log = server.addLog('log');
    await log.grow(3);
    await page.connect('live', '/logs/log/events', { features });
    await page.waitForCount('live', 3);
    network.cut();
    await server.stop();
    await log.grow(2);
    await page.waitForState('live', 'reconnecting');
    await server.start();
    network.mend();
    await page.waitForCount('live', 5);

    const report = await page.report('live');
    expect(seenIds(report)).toEqual(idsUpTo(5));
    expect(seenStates(report)).toEqual(['connecting', 'open', 'reconnecting: connection_lost', 'open']);
  });

  it('in which the history is lost is told, and the snapshot read before anything that follows', async () => {
    const { server, network, page } = onStage();
    await server.addLog('log').grow(3);
    await page.connect('live', '/logs/log/events', { features, options: { onGap: 'fetch' } });
    await page.waitForCount('live', 3);
    network.cut();
    await server.stop();
    await server.addLog('log', 'b').grow(2);
    await server.start();
    network.mend();
    await page.waitForCount('live', 5);

    const report = await page.report('live');
    expect(seenIds(report)).toEqual([...idsUpTo(3), ...idsUpTo(2, 'b')]);
    expect(report.gaps).toMatchObject([
      { reason: 'epoch', from: 'a-3', to: 'b-0', body: '{"upTo":"b-2"}', afterMessages: 3 },
    ]);
    expect(server.snapshots).toBe(1);
    expect(seenStates(report)).toEqual(['connecting', 'open', 'reconnecting: connection_lost', 'open']);
  });

  it('in which the history is lost ends a stream of which nobody said what to do then', async () => {
    const { server, network, page } = onStage();
    await server.addLog('log').grow(3);
    await page.connect('live', '/logs/log/events', { features });
    await page.waitForCount('live', 3);
    network.cut();
    await server.addLog('log', 'b').grow(2);
    network.mend();

    expect(await page.waitForEnd('live')).toBe('gap_unhandled');
    const report = await page.report('live');
    expect(seenIds(report)).toEqual(idsUpTo(3));
    expect(report.state).toBe('failed');
  });

  it('in which the history is lost is told by a page, too, where streams do not get through', async () => {
    const { server, network, page } = onStage();
    await server.addLog('log').grow(3);
    network.breakStreams(answer(500));
    const polling = { afterFailures: 1, intervalMs: 60 };
    await page.connect('live', '/logs/log/events', { features: { ...features, polling }, options: { onGap: 'fetch' } });
    await page.waitForState('live', 'polling');
    await page.waitForCount('live', 3);
    network.cut();
    await server.addLog('log', 'b').grow(2);
    network.mend();
    await page.waitForCount('live', 5);

    const report = await page.report('live');
    expect(seenIds(report)).toEqual([...idsUpTo(3), ...idsUpTo(2, 'b')]);
    expect(report.gaps).toMatchObject([{ reason: 'epoch', to: 'b-0', body: '{"upTo":"b-2"}', afterMessages: 3 }]);
    expect(report.state).toBe('polling');
    expect(server.snapshots).toBe(1);
  });

  it('of the way to the server, where connections are refused, is bridged', async () => {
    const { server, network, page } = onStage();
    const log = server.addLog('log');
    await log.grow(3);
    await page.connect('live', '/logs/log/events', { features });
    await page.waitForCount('live', 3);
    await network.goDown();
    await page.waitForState('live', 'reconnecting');
    await log.grow(2);
    await network.comeUp();
    await page.waitForCount('live', 5);

    const report = await page.report('live');
    expect(seenIds(report)).toEqual(idsUpTo(5));
    expect(seenStates(report)).toEqual(['connecting', 'open', 'reconnecting: connection_lost', 'open']);
    expect(network.openStreams).toBe(1);
  });

  it('that the browser knows of is shown as such, and is over as soon as the browser says so', async () => {
    const { server, network, page } = onStage();
    const log = server.addLog('log');
    await log.grow(3);
    // So long that only the browser's word can be what ends it.
    const patient = { ...features, reconnect: { ...QUICK.reconnect, initialDelayMs: 300, maxDelayMs: 600_000 } };
    await page.connect('live', '/logs/log/events', { features: patient });
    await page.waitForCount('live', 3);
    const context = page.page.context();
    await context.setOffline(true);
    network.cut();
    await page.waitForState('live', 'offline');
    await log.grow(2);
    network.mend();
    await context.setOffline(false);
    await page.waitForCount('live', 5);

    const report = await page.report('live');
    expect(seenIds(report)).toEqual(idsUpTo(5));
    const states = report.states.map(({ state }) => state).filter((state, index, all) => state !== all[index - 1]);
    expect(states.filter((state) => state !== 'reconnecting')).toEqual(['connecting', 'open', 'offline', 'open']);
    expect(report.attempt).toBeGreaterThan(0);
  });
});
