import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Subject } from 'rxjs';
import { SseConnections } from '../index.js';
import { StreamEngine } from '../stream/stream-engine.js';
import { TestClock } from '../testing/index.js';
import type { StreamApp } from '../testing/stream-app.js';
import { eventually } from './testing/eventually.js';
import { Gate } from './testing/gate.js';
import { LIFE_STAGES, openRaw } from './testing/life-stages.js';
import { RawClient } from './testing/raw-client.js';
import { Stage, startStagesApp } from './testing/stages-app.js';

/** Sockets and timers of this process, by kind; what else there is belongs to the test runner. */
function resources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) {
    if (/^(?:TCPSocketWrap|Timeout)$/.test(kind)) counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

describe('a client that goes without a word', () => {
  let clock: TestClock;
  let streams: StreamApp;
  let stage: Stage;

  beforeEach(async () => {
    clock = new TestClock();
    streams = await startStagesApp(clock);
    stage = streams.app.get(Stage);
  });
  afterEach(() => streams.close());

  const measure = () => ({
    listed: streams.app.get(SseConnections).list().length,
    due: streams.app.get(StreamEngine).wheel.size,
    listening: stage.log.listeners,
    subscriptions: stage.subscriptions,
    observed: stage.source.observed,
    listeners: streams.server.eventNames().map((name) => [String(name), streams.server.listenerCount(name)]),
    resources: resources(),
  });
  type Measures = ReturnType<typeof measure>;
  const untilAs = async (before: Measures): Promise<void> => {
    const now = (): Measures => {
      const { resources: counts, ...rest } = measure();
      // What comes and goes by itself, as the timer behind Node's Date header does, may have gone.
      const atLeast = Object.entries(before.resources).map(([kind, count]) => [
        kind,
        Math.max(count, counts[kind] ?? 0),
      ]);
      return { ...rest, resources: { ...counts, ...(Object.fromEntries(atLeast) as Record<string, number>) } };
    };
    const isSettled = (): boolean => {
      try {
        expect(now()).toEqual(before);
        return true;
      } catch {
        return false;
      }
    };
    await eventually(isSettled, 'all to be released', 3000).catch(() => expect(now()).toEqual(before));
  };
  /** Whatever a connection had is given back, and another may take its place. */
  const expectNothingLeft = async (before: Measures): Promise<void> => {
    await untilAs(before);
    stage.source = new Subject();
    (await openRaw(streams, '/observable')).leave('destroy');
    await untilAs(before);
  };
  const takeBaseline = async (): Promise<Measures> => {
    (await openRaw(streams, '/observable')).leave('destroy');
    const isQuiet = (): boolean => stage.subscriptions === 0 && resources()['TCPSocketWrap'] === undefined;
    await eventually(isQuiet, 'a baseline');
    return measure();
  };

  describe.each(['destroy', 'reset'] as const)('(%s)', (how) => {
    it.each(Object.entries(LIFE_STAGES))('leaves nothing behind %s', async (_, { arrive, meanwhile }) => {
      const before = await takeBaseline();
      for (let round = 0; round < 2; round += 1) {
        const noticed = new Promise<void>((resolve) =>
          streams.server.once('connection', (socket) => socket.once('close', () => resolve())),
        );
        const client = await arrive(streams, clock);
        client.leave(how);
        meanwhile?.(streams, clock);
        await noticed;
        stage.gate.letOn();
        await expectNothingLeft(before);
        stage.gate = new Gate();
        stage.log.afterRead = undefined;
      }
    });

    it.each(['/log', '/observable', '/gated-handler'])('holds up no shutdown in which it goes (%s)', async (path) => {
      const client = await openRaw(streams, path);
      const startedAt = performance.now();
      const closing = streams.app.close();
      client.leave(how);
      await closing;
      expect(performance.now() - startedAt).toBeLessThan(1000);
      stage.gate.letOn();
      await new Promise((resolve) => setImmediate(resolve));
      expect(measure()).toMatchObject({ listed: 0, due: 0, listening: 0, subscriptions: 0 });
    });
  });

  it('is gone too when it only says that it will send no more, as some proxies do', async () => {
    const before = await takeBaseline();
    const client = await openRaw(streams, '/log');
    client.socket.end();
    await client.closed;
    await expectNothingLeft(before);
  });

  it('leaves nothing behind between the headers and stream.open', async () => {
    const before = await takeBaseline();
    streams.server.prependOnceListener('request', (_, response: ServerResponse) => {
      const { writeHead } = response;
      response.writeHead = ((...args: Parameters<typeof writeHead>) => {
        const result = writeHead.apply(response, args);
        response.socket?.destroy();
        return result;
      }) as typeof writeHead;
    });
    const client = await RawClient.ask(streams.server, '/observable');
    await client.closed;
    expect(client.text).not.toContain('stream.open');
    await expectNothingLeft(before);
  });
});
