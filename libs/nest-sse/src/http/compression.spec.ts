import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import compression from 'compression';
import { Subject, type Observable } from 'rxjs';
import { SseConnections, SseStream, type SseEvent } from '../index.js';
import { startStreamApp, type StreamApp } from '../testing/stream-app.js';

const live = new Subject<SseEvent>();

@Controller()
class CompressedController {
  @SseStream('live')
  live(): Observable<SseEvent> {
    return live;
  }

  @Get('text')
  text(): string {
    return 'x'.repeat(5000);
  }
}

describe.each<[string, compression.CompressionOptions]>([
  ['that decides by the type', {}],
  ['that compresses all that it may', { filter: () => true, threshold: 0 }],
])('a stream behind a compressing middleware %s', (_, options) => {
  let streams: StreamApp;
  const start = async (): Promise<void> => {
    streams = await startStreamApp({
      controllers: [CompressedController],
      prepare: (app) => app.use(compression(options)),
    });
  };
  const open = (path: string) => streams.open(path, { headers: { 'accept-encoding': 'gzip, br' } });
  afterEach(() => streams.close());

  it('leaves as it is, each message at once (trap 22)', async () => {
    await start();
    expect((await open('/text')).headers['content-encoding']).toMatch(/gzip|br/);
    const client = await open('/live');
    await client.next('stream.open');
    expect(client.headers['content-encoding']).toBeUndefined();
    for (let n = 1; n <= 3; n += 1) {
      live.next({ event: 'tick', data: { n } });
      expect((await client.next('tick')).data.n).toBe(n);
    }
  });

  it('waits for a slow client, and loses nothing', async () => {
    await start();
    const client = await open('/live');
    await client.next('stream.open');
    const slowed = new Promise<void>((resolve) => {
      const look = (): void => {
        const [connection] = streams.app.get(SseConnections).list();
        if ((connection?.bytesQueued ?? 0) > 100_000) return resolve();
        live.next({ event: 'tick', data: { text: 'x'.repeat(20_000) } });
        setImmediate(look);
      };
      look();
    });
    client.pause();
    await slowed;
    client.resume();
    live.next({ event: 'last', data: {} });
    await client.next('last');
    expect(client.isClosed).toBe(false);
  });

  it('ends', async () => {
    await start();
    const client = await open('/live');
    await client.next('stream.open');
    const [connection] = streams.app.get(SseConnections).list();
    streams.app.get(SseConnections).close(connection!.id, 'revoked');
    expect((await client.next('stream.close')).data.reason).toBe('revoked');
    await client.ended();
  });
});
