import { describe, expect, it } from '@jest/globals';
import type { FaultProxy } from '../../support/fault-proxy.js';
import { cutAfter, pass } from '../../support/fault-proxy-faults.js';
import type { ConnectionReport, PageConnectOptions } from '../../support/sse-page/page-api.js';
import type { PageWindow } from '../../support/sse-page/sse-page.js';
import { idsUpTo, QUICK, seenIds, seenStates, TRANSPORTS, useStage } from './stage.js';

declare const window: PageWindow;

/** A browser opens no more connections to one origin over HTTP/1.1. */
const CONNECTIONS_AT_ONCE = 6;

const onStage = useStage();

type Cut = 'end' | 'reset' | 'finish';

/** Runs in the page: reads each URL to its end, some at once, and answers with what was seen. */
async function readAll(call: {
  readonly urls: readonly string[];
  readonly how: PageConnectOptions;
  readonly atOnce: number;
}): Promise<ConnectionReport[]> {
  const reports: ConnectionReport[] = [];
  const waiting = call.urls.entries();
  const readOn = async () => {
    for (const [index, url] of waiting) {
      window.sse.connect(url, url, call.how);
      for (let report = window.sse.report(url); ; report = window.sse.report(url)) {
        reports[index] = report;
        if (report.end !== undefined) break;
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      window.sse.forget(url);
    }
  };
  await Promise.all(Array.from({ length: call.atOnce }, readOn));
  return reports;
}

/** Cuts the first answer to each URL, as its query says. Answers with what was cut. */
function cutEachOnce(network: FaultProxy): ReadonlySet<string> {
  const seen = new Set<string>();
  network.decide(({ path, isStream }) => {
    const query = new URL(path, network.url).searchParams;
    const cut = `${query.get('cut')} ${query.get('by')}`;
    if (!isStream || seen.has(cut)) return pass;
    seen.add(cut);
    return cutAfter(Number(query.get('cut')), 'answer', query.get('by') as Cut);
  });
  return seen;
}

describe.each(TRANSPORTS)('a stream that is cut, read by %s', (_, transport) => {
  const reconnect = { ...QUICK.reconnect, initialDelayMs: 5, maxDelayMs: 20 };
  const features = { ...QUICK, ...transport, reconnect };

  /** Bytes of the header and of the whole answer, where it ends like that. */
  async function measure(by: Cut): Promise<{ head: number; all: number }> {
    const { network, page } = onStage();
    let count = 0;
    network.decide(({ isStream }) => (isStream ? cutAfter((count += 1) === 1 ? 0 : Infinity, 'body', by) : pass));
    await page.connect('measured', '/logs/short/events', { features });
    await page.waitForEnd('measured');
    const [head, all] = network.streams;
    if (!head || !all) throw new Error('Two answers were expected: the first is cut after its header.');
    return { head: head.passedBytes, all: all.passedBytes };
  }

  it.each([
    ['by turns by an end and a reset', (place: number): Cut => (place % 2 === 0 ? 'end' : 'reset')],
    ['by what looks like its end', (): Cut => 'finish'],
  ])('is read in full and once, at whichever byte of the answer it is cut, %s', async (__, choose) => {
    const { server, network, page } = onStage();
    const log = server.addLog('short');
    await log.grow(3);
    log.end();
    const { head, all } = await measure(choose(0));
    expect(all - head).toBeGreaterThan(400);
    // Each byte of the body; of the header, which nobody but the browser reads, some.
    const places = Array.from({ length: all }, (___, place) => place).filter(
      (place) => place >= head || place % 16 === 0,
    );

    const cuts = cutEachOnce(network);
    const urls = places.map((place) => `/logs/short/events?cut=${place}&by=${choose(place)}`);
    const reports = await page.page.evaluate(readAll, { urls, how: { features }, atOnce: CONNECTIONS_AT_ONCE });

    expect(cuts.size).toBe(places.length);
    expect(reports.filter(({ end }) => end !== 'completed')).toEqual([]);
    for (const report of reports) {
      expect(seenIds(report)).toEqual(idsUpTo(3));
      expect(report.invalid).toEqual([]);
    }
  });

  it('gets on from cut to cut, where none of its connections lasts', async () => {
    const { server, network, page } = onStage();
    const log = server.addLog('long');
    await log.grow(60);
    // Room for stream.open and a message or two.
    network.breakStreams(cutAfter(500, 'body', 'reset'));
    await page.connect('live', '/logs/long/events', { features });
    await page.waitForCount('live', 30);
    await log.grow(5);
    await page.waitForCount('live', 65);

    expect(network.streams.length).toBeGreaterThan(10);
    network.lift();
    await page.waitForState('live', 'open');

    const report = await page.report('live');
    expect(seenIds(report)).toEqual(idsUpTo(65));
    expect(seenStates(report)[0]).toBe('connecting');
    expect(new Set(seenStates(report))).toEqual(new Set(['connecting', 'open', 'reconnecting: connection_lost']));
    log.end();
    expect(await page.waitForEnd('live')).toBe('completed');
  });
});
