import { describe, expect, it } from '@jest/globals';
import { answer, pass } from '../../support/fault-proxy-faults.js';
import { idsUpTo, QUICK, seenIds, seenStates, TRANSPORTS, useStage } from './stage.js';

const onStage = useStage();
const URL_OF_LOG = '/logs/log/events';

describe.each(TRANSPORTS)('an answer that is no stream, to %s', (_, transport) => {
  const features = { ...QUICK, ...transport };

  /** Everything that concerns the log is answered so: the stream, and whoever asks why there is none. */
  function answerAll(status: number): void {
    const { network } = onStage();
    network.decide(({ path }) => (path.startsWith(URL_OF_LOG) ? answer(status) : pass));
  }

  const requestsOfLog = () => onStage().network.requests.filter(({ path }) => path.startsWith(URL_OF_LOG)).length;

  it.each([500, 502, 503])('is tried again after a %i, ever more rarely', async (status) => {
    const { server, network, page } = onStage();
    await server.addLog('log').grow(3);
    answerAll(status);
    await page.connect('live', URL_OF_LOG, { features });
    await network.when(() => network.streams.length === 4);
    network.lift();
    await page.waitForState('live', 'open');
    await page.waitForCount('live', 3);

    const report = await page.report('live');
    const states = seenStates(report);
    expect([states[0], states.at(-1)]).toEqual(['connecting', 'open']);
    expect(states).toContain('reconnecting: refused');
    expect(seenIds(report)).toEqual(idsUpTo(3));
    expect(report.attempt).toBeGreaterThanOrEqual(4);
  });

  it('brings what the pages have where only streams are answered by a 500', async () => {
    const { server, network, page } = onStage();
    const log = server.addLog('log');
    await log.grow(3);
    network.breakStreams(answer(500));
    const polling = { afterFailures: 2, intervalMs: 60 };
    await page.connect('live', URL_OF_LOG, { features: { ...features, polling } });
    await page.waitForState('live', 'polling');
    await page.waitForCount('live', 3);
    await log.grow(1);
    await page.waitForCount('live', 4);
    log.end();

    expect(await page.waitForEnd('live')).toBe('completed');
    expect(seenIds(await page.report('live'))).toEqual(idsUpTo(4));
    expect(network.streams).toHaveLength(polling.afterFailures);
  });

  it.each([
    [400, 'bad_request'],
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [404, 'not_found'],
    [410, 'not_found'],
  ])('ends it for good where it is a %i', async (status, code) => {
    const { server, network, page } = onStage();
    await server.addLog('log').grow(3);
    answerAll(status);
    await page.connect('live', URL_OF_LOG, { features });
    expect(await page.waitForEnd('live')).toBe(code);
    const asked = requestsOfLog();
    expect(asked).toBeLessThanOrEqual(2);

    // As long as another one takes to fail and come back, which is longer than any delay of the first would be.
    network.lift();
    const other = server.addLog('other');
    await other.grow(1);
    await page.connect('other', '/logs/other/events', { features });
    await page.waitForCount('other', 1);
    network.cut();
    await page.waitForState('other', 'reconnecting');
    network.mend();
    await page.waitForState('other', 'open');
    const report = await page.report('live');
    expect(requestsOfLog()).toBe(asked);
    expect(report).toMatchObject({ state: 'failed', error: code, count: 0 });
    expect(report.nextAttemptAt).toBeUndefined();
    expect(seenStates(report).at(-1)).toBe(`failed: ${code}`);
  });

  it('ends it well where it is a 204', async () => {
    const { server, page } = onStage();
    await server.addLog('log').grow(3);
    answerAll(204);
    await page.connect('live', URL_OF_LOG, { features });

    expect(await page.waitForEnd('live')).toBe('completed');
    expect(await page.report('live')).toMatchObject({ state: 'closed', count: 0 });
    expect(requestsOfLog()).toBeLessThanOrEqual(2);
  });

  it('ends it well where the stream was read to its end before, by the 204 of the server itself', async () => {
    const { server, network, page } = onStage();
    const log = server.addLog('log');
    await log.grow(3);
    await page.connect('live', URL_OF_LOG, { features });
    await page.waitForCount('live', 3);
    network.cut();
    log.end();
    network.mend();

    expect(await page.waitForEnd('live')).toBe('completed');
    const report = await page.report('live');
    expect(seenIds(report)).toEqual(idsUpTo(3));
    expect(report.state).toBe('closed');
  });

  it('is signed out in the middle, and says so', async () => {
    const { server, network, page } = onStage();
    await server.addLog('log').grow(3);
    await page.connect('live', URL_OF_LOG, { features });
    await page.waitForCount('live', 3);
    server.signOut();

    expect(await page.waitForEnd('live')).toBe('unauthorized');
    const report = await page.report('live');
    expect(seenStates(report).slice(0, 3)).toEqual(['connecting', 'open', 'reconnecting: refused']);
    expect(report).toMatchObject({ state: 'failed', count: 3 });
    expect(network.openStreams).toBe(0);
  });
});
