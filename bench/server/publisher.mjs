/**
 * The load of every benchmark server: messages `{ id, event: 'progress', data }` of a given size at a given pace. All
 * servers send the same data, so that they differ in nothing but how they send it.
 */
import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';

/** Epoch milliseconds with a fraction: what the clients subtract from their own. */
export const epochNow = () => performance.timeOrigin + performance.now();

let sequence = 0;

/**
 * Publishes `count` messages, one every `paceMs`, or one per turn of the event loop where that is 0. The times are set
 * from the start: a server that falls behind publishes at once what is due, rather than less.
 *
 * @param {(message: { id: string, event: string, data: object }) => string | Promise<string>} send answers with the id
 * @param {{ count: number, size: number, paceMs: number }} load `size`: of the data as JSON, about, in bytes
 * @returns the last id, and how long it took
 */
export async function publish(send, { count, size, paceMs }) {
  const padding = 'x'.repeat(Math.max(0, size - JSON.stringify(dataOf(count, '')).length));
  const beganAt = performance.now();
  let lastId = '';
  for (let n = 1; n <= count; n += 1) {
    await turnAt(paceMs > 0 ? beganAt + n * paceMs : 0);
    const data = dataOf(n, padding);
    if (n === count) data.last = 'END';
    sequence += 1;
    lastId = await send({ id: String(sequence), event: 'progress', data });
  }
  return { published: count, lastId, durationMs: performance.now() - beganAt };
}

function dataOf(n, text) {
  return { timestamp: new Date().toISOString(), n, sentAt: epochNow(), text };
}

function turnAt(dueAt) {
  const waitMs = dueAt - performance.now();
  return waitMs > 0 ? delay(waitMs) : nextTurn();
}
