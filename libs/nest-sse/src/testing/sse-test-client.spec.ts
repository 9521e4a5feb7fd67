import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import supertest from 'supertest';
import { collectEvents } from './collect-events.js';
import { SseTestClient, SseTestError } from './sse-test-client.js';

describe('SseTestClient', () => {
  let server: Server;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  const clients: SseTestClient[] = [];

  beforeEach(() => {
    server = createServer((request, response) => answer(request, response));
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    await new Promise((resolve) => server.close(resolve));
  });

  const stream =
    (...parts: string[]) =>
    (_: IncomingMessage, response: ServerResponse): void => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream', 'X-Test': 'yes' });
      for (const part of parts) response.write(part);
    };
  const open = async (
    ...[path, options]: [string?, Parameters<typeof SseTestClient.open>[2]?]
  ): Promise<SseTestClient> => {
    const client = await SseTestClient.open(server, path ?? '/', options);
    clients.push(client);
    return client;
  };
  const frame = (event: string, n: number): string => `event: ${event}\nid: ${n}\ndata: {"n":${n}}\n\n`;

  it('gives status, headers, retry and frames', async () => {
    answer = stream('retry: 70\n\n', frame('a', 1), ': note\n');
    const client = await open();
    expect(await client.next()).toEqual({ event: 'a', id: '1', lastEventId: '1', data: { n: 1 } });
    expect([client.status, client.headers['x-test'], client.retry]).toEqual([200, 'yes', 70]);
    expect(client.lastEventId).toBe('1');
  });

  it('reads forward: by name, by count, and up to a condition', async () => {
    answer = stream(frame('stream.open', 0), ...[1, 2, 3, 4, 5].map((n) => frame(n % 2 ? 'odd' : 'even', n)));
    const client = await open();
    expect((await client.next('even')).data.n).toBe(2);
    expect((await client.take(2)).map(({ data }) => data.n)).toEqual([3, 4]);
    expect((await client.until(({ data }) => data.n === 5)).map(({ data }) => data.n)).toEqual([5]);
    expect(client.frames).toHaveLength(6);
  });

  it('passes over control events unless they are named', async () => {
    answer = stream(frame('stream.open', 0), frame('a', 1), frame('stream.close', 2));
    const client = await open();
    expect((await client.next()).event).toBe('a');
    expect((await client.next('stream.close')).data.n).toBe(2);
  });

  it('says what came instead when the wait is over', async () => {
    answer = stream(frame('a', 1), 'event: b\ndata: 1\n\n');
    const client = await open('/', { timeoutMs: 50 });
    await expect(client.next('c')).rejects.toThrow(
      new SseTestError('Waited for "c", but it did not come within 50 ms. Status 200; received instead: a#1, b.'),
    );
  });

  it('says so when the stream ends before what is waited for', async () => {
    answer = (request, response) => {
      stream(frame('a', 1))(request, response);
      response.end();
    };
    const client = await open();
    await expect(client.next('b')).rejects.toThrow('but the stream has ended. Status 200; received instead: a#1.');
    await expect(client.next('b')).rejects.toThrow('but the stream has ended');
    await client.closed;
  });

  it('quotes the body of an answer that is no stream', async () => {
    answer = (_, response) => response.writeHead(404, { 'Content-Type': 'text/plain' }).end('nothing here');
    await expect((await open()).next()).rejects.toThrow('Status 404; the body is "nothing here".');
  });

  it('says so when no headers come', async () => {
    answer = () => undefined;
    await expect(open('/silent', { timeoutMs: 50 })).rejects.toThrow('/silent sent no headers within 50 ms.');
  });

  it('sends headers, cookies and the last id, and the newest of it on a reconnect', async () => {
    const seen: (string | undefined)[][] = [];
    answer = (request, response) => {
      const { accept, cookie, 'last-event-id': id, 'x-own': own } = request.headers;
      seen.push([request.url, accept, cookie, id as string | undefined, own as string | undefined]);
      stream(frame('a', seen.length + 10))(request, response);
    };
    const options = { cookies: { sid: '1', b: '2' }, headers: { 'x-own': 'y' }, lastEventId: '9' };
    const client = await open('/p?q=1', options);
    await client.next('a');
    const again = await client.reconnect();
    clients.push(again);
    await again.next('a');
    expect(client.isClosed).toBe(true);
    expect(seen).toEqual([
      ['/p?q=1', 'text/event-stream', 'sid=1; b=2', '9', 'y'],
      ['/p?q=1', 'text/event-stream', 'sid=1; b=2', '11', 'y'],
    ]);
  });

  it('opens by URL as well', async () => {
    answer = stream(frame('a', 1));
    await open();
    const { port } = server.address() as { port: number };
    const client = await SseTestClient.open(`http://127.0.0.1:${port}`, '/');
    clients.push(client);
    expect((await client.next()).data.n).toBe(1);
  });

  describe('collectEvents', () => {
    it('gives all events of a Supertest request for a stream that ends', async () => {
      answer = (request, response) => {
        stream(frame('a', 1), frame('stream.close', 2))(request, response);
        response.end();
      };
      const events = await collectEvents(supertest(server).get('/').expect(200).expect('x-test', 'yes'));
      expect(events.map(({ event }) => event)).toEqual(['a', 'stream.close']);
    });

    it("fails where Supertest's own expectations do", async () => {
      answer = (_, response) => response.writeHead(500).end();
      await expect(collectEvents(supertest(server).get('/').expect(200))).rejects.toThrow('expected 200 "OK"');
    });
  });
});
