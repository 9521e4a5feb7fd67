import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { Subject, type Observable } from 'rxjs';
import { MemoryEventLog, SseConnections, SseStream, type EventLog, type SseEvent } from '../index.js';
import { eventually } from '../reliability/testing/eventually.js';
import { EventStreamParser } from '../testing/event-stream-parser.js';
import { toFrame, type ReceivedFrame } from '../testing/received-frame.js';
import { HTTP2_PLATFORMS, startStreamApp, type StreamApp } from '../testing/stream-app.js';

const PADDING = 'x'.repeat(10_000);
let live: Subject<SseEvent>;
let log: MemoryEventLog;

@Controller()
class MultiplexedController {
  @SseStream('live')
  live(): Observable<SseEvent> {
    return live;
  }

  @SseStream('log')
  log(): EventLog {
    return log;
  }
}

/** One of many streams that share a session. */
class SharedStream {
  readonly frames: ReceivedFrame[] = [];
  isClosed = false;

  constructor(readonly stream: ClientHttp2Stream) {
    const parser = new EventStreamParser({ onEvent: (event) => this.frames.push(toFrame(event)) });
    stream.on('data', (chunk: Buffer) => parser.push(chunk));
    stream.once('close', () => (this.isClosed = true));
  }

  count(event: string): number {
    return this.frames.filter((frame) => frame.event === event).length;
  }
}

describe.each(HTTP2_PLATFORMS)('streams on %s', (platform) => {
  let streams: StreamApp;
  let session: ClientHttp2Session;

  beforeEach(async () => {
    live = new Subject();
    log = new MemoryEventLog({ epoch: 'e', maxMessages: 10_000 });
    const options = { connectionsPerAddress: 40, maxQueuedBytes: 200_000 };
    streams = await startStreamApp({ platform, controllers: [MultiplexedController], options });
    session = connectTo(streams.server);
  });
  afterEach(async () => {
    session.destroy();
    await streams.close();
  });

  const open = (path: string): SharedStream =>
    new SharedStream(session.request({ ':path': path, accept: 'text/event-stream' }));
  const connections = () => streams.app.get(SseConnections);

  it('share one session, more of them than a browser opens over HTTP/1.1', async () => {
    const shared = Array.from({ length: 40 }, () => open('/live'));
    await eventually(() => shared.every((each) => each.count('stream.open') === 1), 'forty streams');
    live.next({ event: 'tick', data: {} });
    await eventually(() => shared.every((each) => each.count('tick') === 1), 'a message on each');
    const refused = open('/live');
    const [headers] = (await once(refused.stream, 'response')) as [Record<string, unknown>];
    await eventually(() => refused.isClosed, 'the refusal');
    expect(refused.frames).toMatchObject([{ event: 'stream.close', data: { reason: 'limit' } }]);
    expect(headers).not.toHaveProperty('connection');
    expect(session.closed).toBe(false);
  });

  it('give their slots back one by one, whichever way their client leaves', async () => {
    const [first, second, third] = [open('/live'), open('/live'), open('/live')];
    await eventually(() => connections().list().length === 3, 'three streams');
    first.stream.close();
    await eventually(() => connections().list().length === 2, 'the first slot');
    second.stream.destroy();
    await eventually(() => connections().list().length === 1, 'the second slot');
    live.next({ event: 'tick', data: {} });
    await eventually(() => third.count('tick') === 1, 'a message for the last');
    session.destroy();
    await eventually(() => connections().list().length === 0, 'the last slot');
    expect(live.observed).toBe(false);
  });

  it('let a log wait for a slow client, and queue nothing for it', async () => {
    const slow = open('/log');
    const quick = open('/log');
    await eventually(() => slow.count('stream.open') + quick.count('stream.open') === 2, 'both');
    slow.stream.pause();
    for (let n = 1; n <= 300; n += 1) await log.append([{ event: 'tick', data: { n, PADDING } }]);
    await eventually(() => quick.count('tick') === 300, 'all for the quick one');
    const queued = connections()
      .list()
      .map(({ bytesQueued }) => bytesQueued);
    expect(Math.max(...queued)).toBeLessThan(1_500_000);
    expect(slow.count('tick')).toBeLessThan(300);
    slow.stream.resume();
    await eventually(() => slow.count('tick') === 300, 'all for the slow one');
    expect(slow.frames.filter(({ event }) => event === 'tick').map(({ data }) => data.n)).toEqual(
      Array.from({ length: 300 }, (_, index) => index + 1),
    );
  });

  it('close an Observable whose client is too slow, and no other of the session', async () => {
    const slow = open('/live');
    const other = open('/log');
    await eventually(() => slow.count('stream.open') + other.count('stream.open') === 2, 'both');
    slow.stream.pause();
    for (let n = 1; live.observed && n <= 2000; n += 1) {
      live.next({ event: 'tick', data: { n, PADDING } });
      if (n % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(live.observed).toBe(false);
    slow.stream.resume();
    await eventually(() => slow.isClosed, 'the end');
    expect(slow.frames.at(-1)).toMatchObject({ event: 'stream.close', data: { reason: 'slow' } });
    await log.append([{ event: 'tick', data: {} }]);
    await eventually(() => other.count('tick') === 1, 'a message for the other');
  });

  it('end at a shutdown with their session, so that the client comes back on a new one', async () => {
    const shared = [open('/live'), open('/log')];
    await eventually(() => shared.every((each) => each.count('stream.open') === 1), 'both');
    const closed = once(session, 'close');
    const startedAt = performance.now();
    await streams.app.close();
    await closed;
    expect(performance.now() - startedAt).toBeLessThan(1500);
    for (const { frames } of shared) {
      expect(frames.at(-1)).toMatchObject({ event: 'stream.close', data: { reason: 'drain' } });
    }
  });
});

function connectTo(server: Server): ClientHttp2Session {
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  session.on('error', () => undefined);
  return session;
}
