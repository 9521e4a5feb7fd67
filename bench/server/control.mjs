/**
 * What the driver asks of every benchmark server, beside `GET /events`:
 *
 * - `POST /publish?n=&size=&pace=` publishes, and answers when all is published;
 * - `GET /stats` tells the delay of the event loop, the heap and what the server counts itself; `?gc=1` collects garbage
 *   first, `?reset=1` begins to count anew afterwards.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { publish } from './publisher.mjs';

/** The sampler's own interval, which its histogram contains. */
const RESOLUTION_MS = 10;

/**
 * @param {object} server
 * @param {Parameters<typeof publish>[0]} server.send sends one message to all who listen
 * @param {() => object} [server.gauges] more figures for `/stats`
 * @param {() => void} [server.reset] sets these to 0
 * @returns answers a request, or `false` where it is none of these
 */
export function createControl({ send, gauges = () => ({}), reset = () => {} }) {
  const loopDelay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  loopDelay.enable();

  async function stats(query) {
    if (query.has('gc')) await collectGarbage();
    const { heapUsed, external } = process.memoryUsage();
    const answer = { eventLoopDelayMs: delayOf(loopDelay), heapUsed, external, ...gauges() };
    if (query.has('reset')) {
      loopDelay.reset();
      reset();
    }
    return answer;
  }

  const routes = {
    'POST /publish': (query) => publish(send, loadOf(query)),
    'GET /stats': stats,
  };

  return function control(request, response) {
    const { pathname, searchParams } = new URL(request.url, 'http://bench');
    const route = routes[`${request.method} ${pathname}`];
    if (!route) return false;
    const answer = (status, body) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    Promise.resolve()
      .then(() => route(searchParams))
      .then(
        (body) => answer(200, body),
        (error) => answer(error instanceof RangeError ? 400 : 500, { error: error.message }),
      );
    return true;
  };
}

function loadOf(query) {
  const numberOf = (name, fallback) => {
    const value = Number(query.get(name) ?? fallback);
    if (!(value >= 0)) throw new RangeError(`${name} is a number from 0, not ${query.get(name)}.`);
    return value;
  };
  return { count: Math.floor(numberOf('n', 1)), size: numberOf('size', 400), paceMs: numberOf('pace', 0) };
}

/** More than once, with pauses: what one collection finalizes, only the next one frees. */
async function collectGarbage() {
  if (!globalThis.gc) throw new RangeError('gc=1 needs a server that runs with --expose-gc.');
  for (let time = 0; time < 3; time += 1) {
    globalThis.gc();
    await delay(100);
  }
}

function delayOf(histogram) {
  const lessInterval = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
  return {
    p50: lessInterval(histogram.percentile(50)),
    p99: lessInterval(histogram.percentile(99)),
    max: lessInterval(histogram.max),
  };
}
