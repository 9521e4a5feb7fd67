import { once } from 'node:events';
import { SseConnections } from '../../index.js';
import type { StreamApp } from '../../testing/stream-app.js';
import type { TestClock } from '../../testing/test-clock.js';
import { eventually } from './eventually.js';
import { RawClient } from './raw-client.js';
import { Stage } from './stages-app.js';

/** Where a connection can be when its client goes. */
interface LifeStage {
  /** Brings a client there. */
  arrive(streams: StreamApp, clock: TestClock): Promise<RawClient>;
  /** What happens at the moment of its leaving, before the server can notice it. */
  meanwhile?(streams: StreamApp, clock: TestClock): void;
}

const stageOf = ({ app }: StreamApp): Stage => app.get(Stage);
const block = (n: number) => ({ event: 'block', data: { n, text: 'x'.repeat(64 * 1024) } });
const append = (streams: StreamApp, n: number) => void stageOf(streams).log.append([block(n)]);
const emit = (streams: StreamApp, n: number): void => stageOf(streams).source.next(block(n));
const letOn = (streams: StreamApp): void => stageOf(streams).gate.letOn();
const revoke = ({ app }: StreamApp) => void app.get(SseConnections).closeWhere(() => true, 'revoked');

const isThere = (client: RawClient, event: string): Promise<void> =>
  eventually(() => client.frames.some((frame) => frame.event === event), event);

/** Opens a stream of that path. */
export async function openRaw({ server }: StreamApp, path: string): Promise<RawClient> {
  const client = await RawClient.ask(server, path);
  await isThere(client, 'stream.open');
  return client;
}

const waits =
  (path: string) =>
  async (streams: StreamApp): Promise<RawClient> => {
    const client = await RawClient.ask(streams.server, path);
    await stageOf(streams).gate.reached();
    return client;
  };

const opens =
  (path: string) =>
  (streams: StreamApp): Promise<RawClient> =>
    openRaw(streams, path);

const opensUnread =
  (path: string, send: (streams: StreamApp, n: number) => void) =>
  async (streams: StreamApp): Promise<RawClient> => {
    const client = await openRaw(streams, path);
    client.socket.pause();
    const connections = streams.app.get(SseConnections);
    for (let n = 1; (connections.list()[0]?.bytesQueued ?? 0) === 0; n += 1) {
      send(streams, n);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return client;
  };

async function arriveHalfAsked({ server }: StreamApp): Promise<RawClient> {
  const arrived = once(server, 'connection');
  const client = await RawClient.connect(server);
  client.socket.write('GET /observable HTTP/1.1\r\nHost: x\r\n');
  await arrived;
  return client;
}

async function arriveReplaying(streams: StreamApp): Promise<RawClient> {
  const { log, gate } = stageOf(streams);
  for (let n = 1; n <= 300; n += 1) await log.append([{ event: 'tick', data: { n } }]);
  let reads = 0;
  log.afterRead = async () => ((reads += 1) === 2 ? gate.pass() : undefined);
  return waits('/log')(streams);
}

async function arriveAtHeartbeat(streams: StreamApp, clock: TestClock): Promise<RawClient> {
  const client = await openRaw(streams, '/observable');
  clock.advance(16_000);
  await isThere(client, 'stream.heartbeat');
  return client;
}

async function arriveAtPage(streams: StreamApp): Promise<RawClient> {
  const { log, gate } = stageOf(streams);
  await log.append([block(1)]);
  log.afterRead = () => gate.pass();
  const client = await RawClient.ask(streams.server, '/log', { Accept: 'application/json' });
  await gate.reached();
  return client;
}

/** The stages of a connection's life, in their order. */
export const LIFE_STAGES: Record<string, LifeStage> = {
  'before its request is whole': { arrive: arriveHalfAsked },
  "in a guard of the app's": { arrive: waits('/gated-guard') },
  'as a guard lets it on': { arrive: waits('/gated-guard'), meanwhile: letOn },
  'while its source opens': { arrive: waits('/gated-source') },
  'as its source opens': { arrive: waits('/gated-source'), meanwhile: letOn },
  'in its handler, before the headers': { arrive: waits('/gated-handler') },
  'as its handler answers': { arrive: waits('/gated-handler'), meanwhile: letOn },
  'in a slow handler, after the headers': { arrive: opens('/gated-handler') },
  'in a slow handler of a log': { arrive: opens('/gated-log-handler') },
  'as a slow handler answers': { arrive: opens('/gated-handler'), meanwhile: letOn },
  'in the middle of a replay': { arrive: arriveReplaying },
  'live on a log': { arrive: opens('/log') },
  'live on an Observable': { arrive: opens('/observable') },
  'as a log has more': { arrive: opens('/log'), meanwhile: (streams) => append(streams, 1) },
  'as an Observable has more': { arrive: opens('/observable'), meanwhile: (streams) => emit(streams, 1) },
  'not reading, on a log': { arrive: opensUnread('/log', append) },
  'not reading, on an Observable': { arrive: opensUnread('/observable', emit) },
  'after a heartbeat': { arrive: arriveAtHeartbeat },
  'as a heartbeat is sent': { arrive: opens('/log'), meanwhile: (_, clock) => clock.advance(16_000) },
  'as it is closed': { arrive: opens('/log'), meanwhile: revoke },
  'as it is closed, not reading': { arrive: opensUnread('/log', append), meanwhile: revoke },
  'as its lifetime ends': { arrive: opens('/observable'), meanwhile: (_, clock) => clock.advance(360_000) },
  'as its log ends': { arrive: opens('/log'), meanwhile: (streams) => stageOf(streams).log.end() },
  'as its source fails': {
    arrive: opens('/observable'),
    meanwhile: (streams) => stageOf(streams).source.error(new Error('the source failed')),
  },
  'while its page is read': { arrive: arriveAtPage },
};
