import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller } from '@nestjs/common';
import compression from 'compression';
import { Subject, type Observable } from 'rxjs';
import { MemoryEventLog, SseChannels, SseConnections, SseStream, type EventLog, type SseEvent } from '../../index.js';
import { HTTP2_PLATFORMS, startStreamApp, type StreamApp } from '../../testing/stream-app.js';

let source: Subject<SseEvent>;

@Controller()
class WireController {
  constructor(private readonly channels: SseChannels) {}

  @SseStream('source')
  source(): Observable<SseEvent> {
    return source;
  }

  @SseStream('channel')
  channel(): EventLog {
    return this.channels.get('c').log;
  }
}

const BREAKS = ['\r', '\n', '\r\n', '\u2028', '\0'];

describe('the wire', () => {
  let streams: StreamApp;
  beforeEach(async () => {
    source = new Subject();
    streams = await startStreamApp({
      controllers: [WireController],
      prepare: (app) => app.use(compression({ threshold: 0, filter: () => true })),
    });
  });
  afterEach(() => streams.close());

  it.each(BREAKS)('trap 19: carries %j in data as data', async (text) => {
    const data = { text: `a${text}data: forged${text}${text}event: forged` };
    const client = await streams.open('/source');
    await client.next('stream.open');
    source.next({ event: 'tick', data });
    await streams.app.get(SseChannels).get('c').publish({ event: 'tick', data });
    const other = await streams.open('/channel');
    for (const frame of [await client.next(), await other.next()]) {
      expect(frame).toMatchObject({ event: 'tick', data });
    }
    expect([client.frames.length, other.frames.length]).toEqual([2, 2]);
  });

  it.each(BREAKS)('trap 19: lets no name or id with %j onto the wire', async (text) => {
    for (const message of [
      { event: `tick${text}data: forged`, data: {} },
      { event: 'tick', id: `1${text}event: forged`, data: {} },
    ]) {
      source = new Subject();
      const client = await streams.open('/source');
      await client.next('stream.open');
      source.next(message);
      expect((await client.next('stream.close')).data.reason).toBe('overloaded');
      await client.ended();
      expect(client.text).not.toContain('forged');
      expect(client.frames.map(({ event }) => event)).toEqual(['stream.open', 'stream.close']);
    }
    const connections = streams.app.get(SseConnections);
    expect(() => connections.broadcast({ event: `tick${text}`, data: {} })).toThrow('An event name is');
  });

  it('trap 22: is not held back or re-encoded by compression', async () => {
    const client = await streams.open('/source', { headers: { 'accept-encoding': 'gzip, br, deflate' } });
    await client.next('stream.open');
    source.next({ event: 'tick', data: { n: 1 } });
    expect((await client.next('tick')).data.n).toBe(1);
    expect(client.headers['content-encoding']).toBeUndefined();
    expect(client.headers['cache-control']).toContain('no-transform');
    expect(client.headers['x-accel-buffering']).toBe('no');
  });
});

describe('a log', () => {
  it.each(BREAKS)('trap 19: refuses a name with %j where it is made', async (text) => {
    const log = new MemoryEventLog();
    await expect(log.append([{ event: `tick${text}`, data: {} }])).rejects.toThrow('An event name is');
    expect((await log.readAfter(undefined, 10)).events).toEqual([]);
  });
});

describe.each(HTTP2_PLATFORMS)('on %s', (platform) => {
  it('trap 18: sends no Connection header, neither with a stream nor with a refusal', async () => {
    source = new Subject();
    const options = { connectionsPerAddress: 1 };
    const streams = await startStreamApp({ platform, controllers: [WireController], options });
    const client = await streams.open('/source');
    await client.next('stream.open');
    const refused = await streams.open('/source');
    await refused.next('stream.close');
    const page = await streams.open('/channel', { headers: { accept: 'application/json' } });
    for (const { status, headers } of [client, refused, page]) {
      expect([
        status,
        Object.keys(headers).filter((name) => /^(?:connection|keep-alive|transfer-encoding)$/i.test(name)),
      ]).toEqual([200, []]);
    }
    source.next({ event: 'tick', data: { n: 1 } });
    expect((await client.next('tick')).data.n).toBe(1);
    await streams.close();
  });
});
