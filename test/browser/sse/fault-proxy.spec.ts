import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FaultProxy } from '../../support/fault-proxy.js';
import {
  answer,
  blackHole,
  buffer,
  cutAfter,
  type Fault,
  muteAfter,
  slowHeader,
  throttle,
} from '../../support/fault-proxy-faults.js';

/** What somebody got who asked for a stream: the answer's header, its body, and how it ended. */
interface Got {
  head: string;
  body: string;
  end: 'end' | 'reset' | undefined;
}

let server: Server;
let proxy: FaultProxy;
let finish: () => void;

beforeEach(async () => {
  server = createServer((request, response) => {
    const isLengthKnown = request.url !== '/unknown-length';
    response.writeHead(200, isLengthKnown ? { 'content-length': '10' } : {}).write('01234');
    finish = () => response.end('56789');
    if (request.url !== '/slow') finish();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = await FaultProxy.start((server.address() as AddressInfo).port);
});

afterEach(async () => {
  await proxy.stop();
  server.closeAllConnections();
  server.close();
});

/** Asks, and looks on: `ended` resolves with the connection's end. */
function ask(path = '/'): { got: Got; ended: Promise<unknown>; received(): Promise<unknown>; leave(): void } {
  const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1');
  const got: Got = { head: '', body: '', end: undefined };
  let text = '';
  socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: keep-alive\r\naccept: text/event-stream\r\n\r\n`);
  socket.on('data', (bytes) => {
    text += bytes.toString('latin1');
    const [head = '', body = ''] = text.split('\r\n\r\n');
    Object.assign(got, { head, body });
  });
  socket.once('end', () => (got.end = 'end'));
  socket.on('error', () => (got.end = 'reset'));
  return {
    got,
    ended: new Promise((resolve) => socket.once('close', resolve)),
    received: () => once(socket, 'data'),
    leave: () => socket.destroy(),
  };
}

async function get(fault: Fault, path?: string): Promise<Got> {
  proxy.breakStreams(fault);
  const asked = ask(path);
  await asked.ended;
  return asked.got;
}

const OK = 'HTTP/1.1 200 OK';

describe('the fault proxy', () => {
  it('passes an answer on, and says of the request how far its answer got', async () => {
    proxy.lift();
    const asked = ask('/some?query');
    await asked.ended;
    await proxy.when(() => proxy.openStreams === 0);

    expect(asked.got).toMatchObject({ body: '0123456789', end: 'end' });
    expect(proxy.requests).toMatchObject([{ method: 'GET', path: '/some?query', isStream: true }]);
    expect(proxy.requests[0]?.passedBytes).toBe(asked.got.head.length + 14);
  });

  it.each([0, 1, 5, 9])('cuts after %i bytes of the body', async (bytes) => {
    expect(await get(cutAfter(bytes, 'body'))).toMatchObject({ body: '0123456789'.slice(0, bytes), end: 'end' });
  });

  it('cuts within the header', async () => {
    expect(await get(cutAfter(8, 'answer'))).toEqual({ head: 'HTTP/1.1', body: '', end: 'end' });
  });

  it('cuts so that what came seems to be all', async () => {
    const got = await get(cutAfter(3, 'body', 'finish'), '/unknown-length');

    expect(got).toMatchObject({ body: '012', end: 'end' });
    expect(got.head).not.toMatch(/content-length|transfer-encoding/i);
  });

  it('resets in the middle', async () => {
    expect(await get(cutAfter(3, 'body', 'reset'))).toMatchObject({ end: 'reset' });
  });

  it.each([
    ['answers nothing', blackHole, 0],
    ['goes silent after some bytes of the body', muteAfter(3), 3],
  ])('%s, and keeps the connection until the other side ends it', async (_, fault, bytes) => {
    proxy.breakStreams(fault);
    const asked = ask('/slow');
    await proxy.when(() => proxy.openStreams === 1);
    if (bytes > 0) while (asked.got.body.length < bytes) await asked.received();
    expect(asked.got).toMatchObject({ body: '01234'.slice(0, bytes), end: undefined });

    asked.leave();
    await proxy.when(() => proxy.openStreams === 0);
    expect(proxy.streams).toHaveLength(1);
  });

  it('mutes what is open, also if the server then ends', async () => {
    const muted = ask('/slow');
    while (muted.got.body.length < 5) await muted.received();
    proxy.muteStreams();
    finish();
    const other = ask('/');
    await other.ended;

    expect(other.got.body).toBe('0123456789');
    expect(muted.got).toMatchObject({ body: '01234', end: undefined });
  });

  it('lets the header pass and keeps the body until it is complete', async () => {
    proxy.breakStreams(buffer);
    const asked = ask('/slow');
    await asked.received();
    expect(asked.got).toMatchObject({ head: expect.stringContaining(OK), body: '' });
    finish();
    await asked.ended;
    expect(asked.got.body).toBe('0123456789');
  });

  it('answers in the place of the server', async () => {
    const got = await get(answer(503, { 'retry-after': '1' }));

    expect(got.head).toMatch(/^HTTP\/1\.1 503 /);
    expect(got.head).toContain('retry-after: 1');
  });

  it('passes everything, late or a little at a time', async () => {
    const late = Date.now();
    expect((await get(slowHeader(60))).body).toBe('0123456789');
    expect(Date.now() - late).toBeGreaterThanOrEqual(50);
    const thin = Date.now();
    const got = await get(throttle(10, 5));
    expect(got.body).toBe('0123456789');
    expect(Date.now() - thin).toBeGreaterThanOrEqual(40);
  });

  it('refuses connections while it is down, and listens again on the same port', async () => {
    const { url } = proxy;
    await proxy.goDown();
    const refused = ask();
    await refused.ended;
    expect(refused.got).toEqual({ head: '', body: '', end: 'reset' });

    await proxy.comeUp();
    expect(proxy.url).toBe(url);
    expect((await get(cutAfter(10, 'body'))).body).toBe('0123456789');
  });
});
