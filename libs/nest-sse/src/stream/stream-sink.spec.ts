import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { sinkOf } from './stream-sink.js';

let stop: (() => Promise<void>) | undefined;

async function answer(prepare: (response: ServerResponse) => void): Promise<ServerResponse> {
  let response: ServerResponse | undefined;
  const listener: RequestListener = (_, current) => {
    response = current;
    prepare(current);
    current.writeHead(200);
    current.flushHeaders();
  };
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const request = get({ port: (server.address() as AddressInfo).port, agent: false });
  const [incoming] = (await once(request, 'response')) as [IncomingMessage];
  incoming.resume();
  stop = async () => {
    request.destroy();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return response as ServerResponse;
}

describe('frames are written', () => {
  afterEach(() => stop?.());

  it('to the socket itself where the response adds nothing to its body', async () => {
    const response = await answer((current) => (current.useChunkedEncodingByDefault = false));
    expect(sinkOf(response)).toBe(response.socket);
  });

  it('to the response where that frames its chunks', async () => {
    const response = await answer(() => undefined);
    expect(sinkOf(response)).toBe(response);
  });

  it('to the response where a middleware has put a write of its own on it', async () => {
    const response = await answer((current) => {
      current.useChunkedEncodingByDefault = false;
      current.write = current.write.bind(current);
    });
    expect(sinkOf(response)).toBe(response);
  });

  it('to the stream of HTTP/2', () => {
    const stream = { respond: () => undefined };
    expect(sinkOf({ stream } as unknown as ServerResponse)).toBe(stream);
  });
});
