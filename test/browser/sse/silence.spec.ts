import { describe, expect, it } from '@jest/globals';
import { blackHole, buffer, muteAfter, slowHeader, throttle } from '../../support/fault-proxy-faults.js';
import type { PageFeatures } from '../../support/sse-page/page-api.js';
import { idsUpTo, QUICK, seenIds, seenStates, TRANSPORTS, useStage } from './stage.js';

const HEARTBEAT_MS = 200;
const onStage = useStage({ heartbeatIntervalMs: HEARTBEAT_MS });

describe.each(TRANSPORTS)('a network that says nothing, with %s', (_, transport) => {
  const impatient: PageFeatures = {
    ...QUICK,
    ...transport,
    liveness: { firstByteTimeoutMs: 400, heartbeatFactor: 3 },
  };
  const polling = { afterFailures: 2, intervalMs: 60, retryStreamAfterMs: 600_000 };

  it('is tried again when the first byte does not come', async () => {
    const { server, network, page } = onStage();
    await server.addLog('log').grow(3);
    network.breakStreams(blackHole);
    await page.connect('live', '/logs/log/events', { features: impatient });
    await page.waitForState('live', 'reconnecting');
    network.lift();
    await page.waitForState('live', 'open');
    await page.waitForCount('live', 3);

    const report = await page.report('live');
    expect(seenStates(report)).toEqual(['connecting', 'reconnecting: no_first_byte', 'open']);
    expect(seenIds(report)).toEqual(idsUpTo(3));
    expect(network.openStreams).toBe(1);
  });

  it('is noticed in the middle of a stream by the heartbeats that do not come', async () => {
    const { server, network, page } = onStage();
    const log = server.addLog('log');
    await log.grow(2);
    await page.connect('live', '/logs/log/events', { features: impatient });
    await page.waitForCount('live', 2);
    network.muteStreams();
    const mutedAt = Date.now();
    await log.grow(2);
    await page.waitForState('live', 'reconnecting');
    const silentForMs = Date.now() - mutedAt;
    await page.waitForCount('live', 4);

    const report = await page.report('live');
    expect(seenStates(report)).toEqual(['connecting', 'open', 'reconnecting: silent', 'open']);
    expect(seenIds(report)).toEqual(idsUpTo(4));
    expect(silentForMs).toBeGreaterThan(HEARTBEAT_MS);
    expect(network.openStreams).toBe(1);
  });

  it('is noticed in the middle of a frame, too', async () => {
    const { server, network, page } = onStage();
    await server.addLog('log').grow(20);
    network.breakStreams(muteAfter(900));
    await page.connect('live', '/logs/log/events', { features: impatient });
    await page.waitForCount('live', 1);
    network.lift();
    await page.waitForCount('live', 20);

    const report = await page.report('live');
    expect(seenStates(report)).toEqual(['connecting', 'open', 'reconnecting: silent', 'open']);
    expect(seenIds(report)).toEqual(idsUpTo(20));
  });

  it('is left alone while heartbeats come', async () => {
    const { server, network, page } = onStage();
    const log = server.addLog('log');
    await page.connect('live', '/logs/log/events', { features: impatient });
    await page.waitForState('live', 'open');
    const before = network.streams[0]?.passedBytes ?? 0;
    // Each is a hundred bytes and more: so many are longer than the silence that is allowed.
    await network.when(() => (network.streams[0]?.passedBytes ?? 0) > before + 1_000);
    await log.grow(1);
    await page.waitForCount('live', 1);

    expect(seenStates(await page.report('live'))).toEqual(['connecting', 'open']);
    expect(network.streams).toHaveLength(1);
  });

  it.each([
    ['answers nothing', blackHole],
    ['keeps the body of what streams', buffer],
  ])('is got around by polling where it %s', async (__, fault) => {
    const { server, network, page } = onStage();
    const log = server.addLog('log');
    await log.grow(3);
    network.breakStreams(fault);
    await page.connect('live', '/logs/log/events', { features: { ...impatient, polling } });
    await page.waitForCount('live', 3);
    await page.waitForState('live', 'polling');
    await log.grow(2);
    await page.waitForCount('live', 5);
    log.end();

    expect(await page.waitForEnd('live')).toBe('completed');
    const report = await page.report('live');
    expect(seenStates(report)).toEqual([
      'connecting',
      'reconnecting: no_first_byte',
      'polling: no_first_byte',
      'polling',
      'closed',
    ]);
    expect(seenIds(report)).toEqual(idsUpTo(5));
    expect(network.streams).toHaveLength(polling.afterFailures);
    expect(network.openStreams).toBe(0);
  });

  it('streams again when a trial gets through', async () => {
    const { server, network, page } = onStage();
    const log = server.addLog('log');
    await log.grow(3);
    network.breakStreams(buffer);
    const features = { ...impatient, polling: { ...polling, retryStreamAfterMs: 300 } };
    await page.connect('live', '/logs/log/events', { features });
    await page.waitForState('live', 'polling');
    await network.when(() => network.streams.length > polling.afterFailures);
    network.lift();
    await page.waitForState('live', 'open');
    await log.grow(2);
    await page.waitForCount('live', 5);

    expect(seenIds(await page.report('live'))).toEqual(idsUpTo(5));
    expect(seenStates(await page.report('live')).at(-1)).toBe('open');
    expect(network.openStreams).toBe(1);
  });

  it('is waited for where only the header is slow, up to the time for the first byte', async () => {
    const { server, network, page } = onStage();
    await server.addLog('log').grow(3);
    network.breakStreams(slowHeader(200));
    await page.connect('soon', '/logs/log/events', {
      features: { ...impatient, liveness: { firstByteTimeoutMs: 5_000 } },
    });
    await page.waitForCount('soon', 3);
    expect(seenStates(await page.report('soon'))).toEqual(['connecting', 'open']);

    network.breakStreams(slowHeader(2_000));
    await page.connect('late', '/logs/log/events?late', { features: impatient });
    await page.waitForState('late', 'reconnecting');
    network.lift();
    await page.waitForCount('late', 3);
    expect(seenStates(await page.report('late'))).toEqual(['connecting', 'reconnecting: no_first_byte', 'open']);
    expect(seenIds(await page.report('late'))).toEqual(idsUpTo(3));
  });

  it('is borne where it is slow, and no silence', async () => {
    const { server, network, page } = onStage();
    const log = server.addLog('log');
    await log.grow(10);
    log.end();
    network.breakStreams(throttle(50, 15));
    await page.connect('live', '/logs/log/events', {
      features: { ...impatient, liveness: { firstByteTimeoutMs: 5_000 } },
    });

    expect(await page.waitForEnd('live')).toBe('completed');
    expect(seenStates(await page.report('live'))).toEqual(['connecting', 'open', 'closed']);
    expect(seenIds(await page.report('live'))).toEqual(idsUpTo(10));
    expect(network.streams).toHaveLength(1);
  });
});
