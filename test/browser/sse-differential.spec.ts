import { deepEqual } from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.js';
import { byteStreams, type ByteStream, namesIn } from '../support/sse-page/byte-streams.js';
import { PageFiles, READERS_PATH } from '../support/sse-page/page-files.js';
import type { ReadersApi, Readings } from '../support/sse-page/readers-api.js';

declare const window: { readonly readers: ReadersApi };

/** A browser opens six connections to an origin, and each stream is read three times at once. */
const ORIGINS = 10;
const READ_AT_ONCE = 20;
const GAP_BETWEEN_CHUNKS_MS = 2;
const SHRINKING_MS = 30_000;

let browser: Browser;
let page: Page;
let servers: readonly Server[];
let origins: readonly string[];
let streams: readonly ByteStream[] = [];

beforeAll(async () => {
  const files = await PageFiles.build();
  const serve = (request: IncomingMessage, response: ServerResponse) => {
    if (!files.serve(request, response)) void write(streams[Number(request.url?.slice(1))], response);
  };
  servers = Array.from({ length: ORIGINS }, () => createServer(serve).listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  origins = servers.map((server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  browser = await launchBrowser();
  page = await browser.newPage();
  await page.goto(origins[0] + READERS_PATH);
  await page.waitForFunction(() => 'readers' in window);
});

afterAll(async () => {
  await browser?.close();
  for (const server of servers ?? []) {
    server.close();
    server.closeAllConnections();
  }
});

/** Writes exactly these chunks, each by itself. */
async function write(stream: ByteStream | undefined, response: ServerResponse): Promise<void> {
  if (!stream) return void response.writeHead(404).end();
  response.socket?.setNoDelay(true);
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Access-Control-Allow-Origin': '*' });
  response.flushHeaders();
  for (const chunk of stream) {
    await pause(GAP_BETWEEN_CHUNKS_MS);
    response.write(chunk);
  }
  await pause(GAP_BETWEEN_CHUNKS_MS);
  response.end();
}

function read(generated: readonly ByteStream[]): Promise<Readings[]> {
  streams = generated;
  const jobs = generated.map((stream, index) => ({
    url: `${origins[index % ORIGINS]}/${index}`,
    names: namesIn(stream),
    chunks: stream.map(({ length }) => length),
  }));
  return page.evaluate((all) => window.readers.readAll(all.jobs, all.parallel), { jobs, parallel: READ_AT_ONCE });
}

const isSame = ({ native, fetch, recut }: Readings) => {
  const expected = JSON.stringify(native);
  return JSON.stringify(fetch) === expected && JSON.stringify(recut) === expected;
};

/** Reads many at once; the first that is read differently is then made as small as it gets, and shown. */
async function expectNoDifference(seed: number, count: number): Promise<readonly Readings[]> {
  const readings = await read(fc.sample(byteStreams, { seed, numRuns: count }));
  const different = readings.findIndex((reading) => !isSame(reading));
  if (different >= 0) {
    const property = fc.asyncProperty(byteStreams, async (stream) => {
      const [reading] = await read([stream]);
      deepEqual(reading?.fetch, reading?.native);
      deepEqual(reading?.recut, reading?.native);
    });
    const shrinking = { path: String(different), interruptAfterTimeLimit: SHRINKING_MS };
    await fc.assert(property, { seed, ...shrinking });
    throw new Error(`Stream ${different} of seed ${seed} was read differently, but not when it was read alone.`);
  }
  return readings;
}

describe('the fetch transport beside EventSource, in the same browser', () => {
  it('reads the same from 500 streams of every kind, in chunks that are cut anywhere', async () => {
    const readings = await expectNoDifference(20_260_201, 500);
    // That they agree on nothing would prove nothing.
    const events = readings.flatMap(({ native }) => native);
    expect(events.length).toBeGreaterThan(1_000);
  });

  it('reads the same from 100 streams that no run has seen before', async () => {
    const readings = await expectNoDifference(Date.now() & 0x7fffffff, 100);
    expect(readings).toHaveLength(100);
  });
});
