/// <reference types="node" />
import {
  createServer,
  request as askBySocket,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { TextDecoder, TextEncoder } from 'node:util';
import { TestBed } from '@angular/core/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { filter, firstValueFrom, take, toArray } from 'rxjs';
import {
  provideSse,
  SSE_DECODER,
  SSE_FETCH,
  SseClient,
  withFetchTransport,
  withReconnect,
  type SseConnection,
} from '../index';

type Events = Record<string, unknown>;

const EVENTS = { events: ['message', 'named', 'last'], acceptsText: true };

function connectBy(fetch: typeof globalThis.fetch, url: string, options = {}): SseConnection<Events> {
  TestBed.resetTestingModule();
  TestBed.configureTestingModule({
    providers: [
      provideSse(withFetchTransport(), withReconnect({ initialDelayMs: 1, jitter: 0 })),
      { provide: SSE_FETCH, useValue: fetch },
      { provide: SSE_DECODER, useValue: () => new TextDecoder('utf-8', { ignoreBOM: true }) },
    ],
  });
  return TestBed.inject(SseClient).connect<Events>(url, { ...EVENTS, ...options });
}

/** A server that answers once with these chunks, and never again. */
function answerWith(...chunks: Uint8Array[]): typeof globalThis.fetch {
  let isFirst = true;
  return () => {
    if (!isFirst) return new Promise(() => undefined);
    isFirst = false;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        for (const chunk of chunks) controller.enqueue(chunk);
        controller.close();
      },
    });
    const headers = { get: () => 'Text/Event-Stream; charset=utf-8' };
    return Promise.resolve({ status: 200, headers, body } as unknown as Response);
  };
}

async function readAll(...chunks: Uint8Array[]): Promise<string[][]> {
  const connection = connectBy(answerWith(...chunks), '/stream');
  const told = firstValueFrom(connection.messages.pipe(take(WIRE_MESSAGES.length), toArray()));
  const messages = (await told).map(({ event, id, data }) => [event, id, String(data)]);
  connection.close();
  return messages;
}

/** What the standard says of lines, fields and ids, each once; the last block is cut off and must not come. */
const WIRE = [
  '\uFEFFdata: first\n\n', // one BOM at the start is no text
  ': comment\r\n\r\n',
  'id: 1\r\ndata: a\r\ndata:  b\r\ndata\r\n\r\n',
  'event: named\rid: 2\rdata: größe 😀\r\r',
  'id: n\0ul\ndata: keeps 2\n\n',
  'retry: soon\nunknown: field\nDATA: no\ndata:\uFEFFbom\n\n',
  'event: nobody\nid: 3\ndata: passed over\n\n',
  'event:\nid\ndata: no id\n\n',
  'event: empty\n\n',
  'event: last\nid: 4\ndata: {"a":1}\n\n',
  'id: 5\ndata: cut',
].join('');

const WIRE_MESSAGES = [
  ['message', '', 'first'],
  ['message', '1', 'a\n b\n'],
  ['named', '2', 'größe 😀'],
  ['message', '2', 'keeps 2'],
  ['message', '2', '\uFEFFbom'],
  ['message', '', 'no id'],
  ['last', '4', '[object Object]'],
];

describe('bytes that a fetch transport reads', () => {
  const bytes = new TextEncoder().encode(WIRE);

  it('are messages as the standard has them', async () => {
    expect(await readAll(bytes)).toEqual(WIRE_MESSAGES);
  });

  it('are the same messages wherever they are split', async () => {
    for (let at = 1; at < bytes.length; at += 1) {
      expect(await readAll(bytes.slice(0, at), bytes.slice(at))).toEqual(WIRE_MESSAGES);
    }
  });

  it('are the same messages one byte at a time', async () => {
    expect(await readAll(...Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(WIRE_MESSAGES);
  });
});

describe('a request', () => {
  it('keeps caches out, and sends cookies to its own origin', async () => {
    const asked: (RequestInit | undefined)[] = [];
    const answer = answerWith(new TextEncoder().encode('data: 1\n\n'));
    const connection = connectBy((_, init) => {
      asked.push(init);
      return answer('');
    }, '/stream');
    await firstValueFrom(connection.messages);
    expect(asked[0]).toMatchObject({ cache: 'no-store', credentials: 'same-origin', method: 'GET' });
    connection.close();
    expect(asked[0]?.signal?.aborted).toBe(true);
  });

  it('is read by a decoder that leaves the BOM to the parser', () => {
    Object.assign(globalThis, { TextDecoder });
    try {
      TestBed.resetTestingModule();
      const decoder = TestBed.inject(SSE_DECODER)();
      expect(decoder.decode(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61), { stream: true })).toBe('\uFEFFa');
    } finally {
      Reflect.deleteProperty(globalThis, 'TextDecoder');
    }
  });
});

describe('a fetch transport on a socket', () => {
  let server: Server | undefined;

  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
    server = createServer(answer);
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/stream`;
  }

  it('resumes where a connection was cut in the middle of a character', async () => {
    const asked: (string | string[] | undefined)[] = [];
    const url = await serve((request, response) => {
      asked.push(request.headers['last-event-id']);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      if (asked.length > 1) return void response.write('id: 2\ndata: two\n\n');
      response.write('id: 1\ndata: one\n\n');
      response.write(new TextEncoder().encode('id: 2\ndata: 😀').slice(0, -2), () => request.socket.destroy());
    });
    const connection = connectBy(nodeFetch, url);
    const data = await firstValueFrom(connection.on('message').pipe(take(2), toArray()));
    expect(data).toEqual(['one', 'two']);
    expect(asked).toEqual([undefined, '1']);
  });

  it('posts a body and reads the answer to its end', async () => {
    const url = await serve((request, response) => {
      const parts: string[] = [];
      request.setEncoding('utf8').on('data', (part: string) => parts.push(part));
      request.on('end', () => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.end(`data: ${request.method}\n\ndata: ${parts.join('')}\n\n`);
      });
    });
    const connection = connectBy(nodeFetch, url, { request: { body: 'question', completesAtEnd: true } });
    // The end of the stream completes it; had it not, this would wait for ever.
    const data = await firstValueFrom(connection.messages.pipe(toArray()));
    expect(data.map((message) => message.data)).toEqual(['POST', 'question']);
    expect(connection.state()).toBe('closed');
  });

  it('lets go of the socket when it is closed, also when the body is not wanted', async () => {
    const closed: Promise<void>[] = [];
    const url = await serve((_, response) => {
      closed.push(new Promise((resolve) => response.on('close', resolve)));
      const type = closed.length === 1 ? 'text/plain' : 'text/event-stream';
      response.writeHead(200, { 'content-type': type });
      response.write('data: endless\n\n');
    });
    const connection = connectBy(nodeFetch, url);
    await firstValueFrom(connection.messages.pipe(filter(({ data }) => data === 'endless')));
    await closed[0];
    connection.close();
    await closed[1];
    expect(closed).toHaveLength(2);
  });
});

/** The part of `fetch` that the library uses, over a socket: jsdom has none. Bodies are text; redirects are not followed. */
function nodeFetch(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
  return new Promise((resolve, reject) => {
    const options = { method: init.method ?? 'GET', headers: init.headers as Record<string, string> };
    const outgoing = askBySocket(String(input), options, (incoming) => resolve(toResponse(incoming)));
    outgoing.on('error', reject);
    init.signal?.addEventListener('abort', () => outgoing.destroy());
    outgoing.end(init.body ?? undefined);
  });
}

function toResponse(incoming: IncomingMessage): Response {
  const status = incoming.statusCode ?? 0;
  const response = {
    status,
    ok: status >= 200 && status < 300,
    headers: { get: (name: string) => (incoming.headers[name] as string | undefined) ?? null },
    body: Readable.toWeb(incoming),
    json: async () => JSON.parse(Buffer.concat(await incoming.toArray()).toString()) as unknown,
  };
  return response as unknown as Response;
}
