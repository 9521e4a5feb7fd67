import { Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Injectable, UseGuards, type BeforeApplicationShutdown, type CanActivate } from '@nestjs/common';
import { NEVER, Subject, type Observable } from 'rxjs';
import { SseStream, type SseEvent } from '../index.js';
import { SseTestClient } from '../testing/index.js';
import { startStreamApp, type StreamApp } from '../testing/stream-app.js';

let source = new Subject<SseEvent>();
let whileDraining: (() => Promise<void>) | undefined;
let gate: Promise<void> | undefined;

@Injectable()
class SlowGuard implements CanActivate {
  async canActivate(): Promise<boolean> {
    await gate;
    return true;
  }
}

@Injectable()
class LateHook implements BeforeApplicationShutdown {
  async beforeApplicationShutdown(): Promise<void> {
    await whileDraining?.();
  }
}

@Controller()
class DrainController {
  @SseStream('feed')
  feed(): Observable<SseEvent> {
    return NEVER;
  }

  @SseStream('source')
  source(): Observable<SseEvent> {
    return source;
  }

  @SseStream('gated')
  @UseGuards(SlowGuard)
  gated(): Observable<SseEvent> {
    return NEVER;
  }
}

describe('a shutdown', () => {
  let streams: StreamApp;
  const start = async (): Promise<void> => {
    source = new Subject();
    whileDraining = undefined;
    streams = await startStreamApp({
      options: { random: () => 0.5, drainTimeoutMs: 300 },
      controllers: [DrainController],
      providers: [LateHook],
    });
  };
  const closeTimed = async (): Promise<number> => {
    const startedAt = performance.now();
    await streams.app.close();
    return performance.now() - startedAt;
  };
  afterEach(() => streams.close());

  it('tells every stream when to come back, closes its socket, and is over within a second (trap 16)', async () => {
    await start();
    const clients = await Promise.all(Array.from({ length: 50 }, () => streams.open('/feed')));
    await Promise.all(clients.map((client) => client.next('stream.open')));
    expect(await closeTimed()).toBeLessThan(1000);
    for (const client of clients) {
      await client.ended();
      expect(client.frames.at(-1)).toMatchObject({
        event: 'stream.close',
        data: { reason: 'drain', retryAfterMs: 2000 },
      });
      expect(client.retry).toBe(2000);
      expect(client.headers.connection).toBe('close');
    }
  });

  it('is over within a second though a client reads nothing', async () => {
    await start();
    const client = await streams.open('/source');
    await client.next('stream.open');
    client.pause();
    for (let n = 0; n < 200; n += 1) source.next({ event: 'block', data: 'x'.repeat(64 * 1024) });
    expect(await closeTimed()).toBeLessThan(1000);
    expect(source.observed).toBe(false);
  });

  it('is over within a second though a peer never closes its side', async () => {
    await start();
    const { port } = streams.server.address() as { port: number };
    const peer = new Socket({ allowHalfOpen: true });
    await new Promise<void>((resolve) => peer.connect(port, '127.0.0.1', resolve));
    const received: Buffer[] = [];
    const opened = new Promise<void>((resolve) => {
      peer.on('data', (chunk: Buffer) => {
        received.push(chunk);
        if (Buffer.concat(received).includes('stream.open')) resolve();
      });
    });
    const toldTheEnd = new Promise((resolve) => peer.once('end', resolve));
    peer.write('GET /feed HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n');
    await opened;
    expect(await closeTimed()).toBeLessThan(1000);
    await toldTheEnd;
    expect(Buffer.concat(received).toString()).toContain('"reason":"drain"');
    peer.destroy();
  });

  it('gives the same to streams that come while it lasts, and a status to who asks for no stream', async () => {
    await start();
    const { server } = streams;
    let late: SseTestClient | undefined;
    let plain: SseTestClient | undefined;
    whileDraining = async () => {
      late = await SseTestClient.open(server, '/feed');
      plain = await SseTestClient.open(server, '/feed', { headers: { accept: '*/*' } });
      await Promise.all([late.ended(), plain.ended()]);
    };
    await (await streams.open('/feed')).next('stream.open');
    expect(await closeTimed()).toBeLessThan(1000);
    expect(late?.frames).toMatchObject([{ event: 'stream.close', data: { reason: 'drain', retryAfterMs: 2000 } }]);
    expect(late?.headers.connection).toBe('close');
    expect([plain?.status, plain?.headers['retry-after']]).toEqual([503, '2']);
  });

  it('closes what is just being opened', async () => {
    await start();
    let open: () => void = () => undefined;
    gate = new Promise((resolve) => (open = resolve));
    const pending = streams.open('/gated');
    const arrived = new Promise((resolve) => streams.server.once('request', resolve));
    await arrived;
    whileDraining = async () => {
      open();
      await (await pending).ended();
    };
    expect(await closeTimed()).toBeLessThan(1000);
    expect((await pending).frames).toMatchObject([{ event: 'stream.close', data: { reason: 'drain' } }]);
  });

  it('does not wait for connections on which nothing was asked', async () => {
    await start();
    const socket = new Socket();
    const { port } = streams.server.address() as { port: number };
    await new Promise<void>((resolve) => socket.connect(port, '127.0.0.1', resolve));
    await (await streams.open('/feed')).next('stream.open');
    const closed = streams.app.close();
    socket.destroy();
    await closed;
    expect(streams.server.listening).toBe(false);
  });
});
