import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, HttpCode, type CallHandler, type ExecutionContext, type INestApplication } from '@nestjs/common';
import { NEVER, of, type Observable } from 'rxjs';
import { SseConnections, SseStream, type SseEvent } from '../index.js';
import { rawResponseOf } from './raw-exchange.js';
import { ADAPTERS, startStreamApp, type StreamApp } from '../testing/stream-app.js';

@Controller()
class SilentController {
  @SseStream('silent')
  silent(): Observable<SseEvent> {
    return NEVER;
  }

  @HttpCode(204)
  @SseStream('bodiless')
  bodiless(): Observable<SseEvent> {
    return of({ event: 'tick', data: {} });
  }
}

/** All bytes that a request is answered with, up to the end of its socket. */
async function answered(streams: StreamApp, request: string): Promise<string> {
  const { port } = streams.server.address() as AddressInfo;
  const socket: Socket = connect(port, '127.0.0.1', () => socket.write(request));
  let text = '';
  for await (const bytes of socket) text += String(bytes);
  return text;
}

describe.each(ADAPTERS)('a response on %s whose head somebody else has sent', (platform) => {
  let streams: StreamApp;
  afterEach(() => streams.close());

  it('ends, and gives its slot back', async () => {
    const prepare = (app: INestApplication): void =>
      void app.useGlobalInterceptors({
        intercept(context: ExecutionContext, next: CallHandler) {
          rawResponseOf(context.switchToHttp().getResponse<object>()).writeHead(200, { 'Content-Type': 'text/plain' });
          return next.handle();
        },
      });
    streams = await startStreamApp({ platform, controllers: [SilentController], prepare });
    const text = await answered(streams, 'GET /silent HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(text).toMatch(/^HTTP\/1.1 200 OK/);
    expect(streams.app.get(SseConnections).list()).toEqual([]);
  }, 5000);
});

describe.each(ADAPTERS)('a stream on %s', (platform) => {
  let streams: StreamApp;
  afterEach(() => streams.close());

  it('has the status that an EventSource takes, whatever the route or a middleware says', async () => {
    streams = await startStreamApp({ platform, controllers: [SilentController] });
    const text = await answered(streams, 'GET /bodiless HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(text).toMatch(/^HTTP\/1.1 200 OK[^]*event: tick/);
  });

  it('is not followed on its socket by the answers of requests that were sent behind its own', async () => {
    streams = await startStreamApp({ platform, controllers: [SilentController] });
    const connections = streams.app.get(SseConnections);
    const { port } = streams.server.address() as AddressInfo;
    const request = 'GET /silent HTTP/1.1\r\nHost: a\r\n\r\n';
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(request + 'GET /none HTTP/1.1\r\nHost: a\r\n\r\n' + request),
    );
    let text = '';
    socket.on('data', (bytes) => (text += String(bytes)));
    const ended = new Promise((resolve) => socket.once('close', resolve));
    while (connections.list().length < 2) await new Promise((resolve) => setImmediate(resolve));
    for (const { id } of connections.list()) connections.close(id, 'drain');
    await ended;
    expect(text.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect(text).toMatch(/event: stream\.close\ndata: .*\n\n$/);
    while (connections.list().length > 0) await new Promise((resolve) => setImmediate(resolve));
  }, 5000);
});
