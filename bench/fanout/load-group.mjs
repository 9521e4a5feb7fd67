/** All readers of one load client: opens them, counts what they get, and knows when all have what they should. */
import { setTimeout as delay } from 'node:timers/promises';
import { epochNow } from '../server/publisher.mjs';
import { FrameCounter, FrameReader } from './frames.mjs';
import { LoadConnection } from './load-connection.mjs';
import { percentile } from './statistics.mjs';

const OPENING_AT_ONCE = 200;
/** After the last message: time in which one too many would show. */
const GRACE_MS = 200;

export class LoadGroup {
  #readers = [];
  #open = 0;
  #lost = [];
  #latencies = [];
  #disorder = 0;
  #keepsLatencies = true;
  #target = Infinity;
  #reached = 0;
  #reachedAt;
  #wake = () => {};

  /**
   * Opens `count` streams, and answers when the head of each response is there.
   *
   * @param {object} plan
   * @param {number} plan.port
   * @param {number} plan.count
   * @param {string} [plan.lastEventId] to resume after
   * @param {number} [plan.sampleEvery] one stream of so many is read, the others are counted
   * @param {boolean} [plan.isAtOnce] rather than a few hundred at a time
   * @param {boolean} [plan.keepsLatencies]
   * @param {number} [plan.target] messages that each is going to get
   */
  async open({
    port,
    count,
    lastEventId,
    sampleEvery = 20,
    isAtOnce = false,
    keepsLatencies = true,
    target = Infinity,
  }) {
    this.#keepsLatencies = keepsLatencies;
    this.#aim(target);
    const beganAt = epochNow();
    const goal = this.#open + count;
    for (let begun = 0; begun < count; begun += 1) {
      if (!isAtOnce) await this.#until(() => this.#open + OPENING_AT_ONCE > goal - count + begun, 60_000);
      this.#add({ port, lastEventId }, begun % sampleEvery === 0);
    }
    await this.#until(() => this.#open >= goal, 60_000);
    return { beganAt, openedAt: epochNow(), open: this.#open };
  }

  /** Waits until each stream has `target` messages, and a little longer; throws where one has more or is lost. */
  async expect({ target, timeoutMs = 120_000 }) {
    this.#aim(target);
    await this.#until(() => this.#reached >= this.#readers.length, timeoutMs);
    await delay(GRACE_MS);
    const most = Math.max(...this.#readers.map(({ count }) => count));
    if (most > target) throw new Error(`A stream got ${most} messages instead of ${target}.`);
    if (this.#disorder > 0) throw new Error(`${this.#disorder} messages came out of order.`);
    const sorted = Float64Array.from(this.#latencies).sort();
    return {
      deliveries: this.#readers.reduce((sum, { count }) => sum + count, 0),
      reachedAt: this.#reachedAt,
      latencyMs: {
        samples: sorted.length,
        p50: percentile(sorted, 50),
        p99: percentile(sorted, 99),
        max: sorted.at(-1),
      },
    };
  }

  /** Counts from 0 again. */
  reset() {
    for (const reader of this.#readers) reader.count = 0;
    this.#latencies = [];
    this.#aim(Infinity);
  }

  pause() {
    for (const { connection } of this.#readers) connection.pause();
  }

  resume() {
    for (const { connection } of this.#readers) connection.resume();
  }

  close() {
    for (const { connection } of this.#readers) connection.close();
    this.#readers = [];
    this.#open = 0;
    this.reset();
  }

  #add(target, isSample) {
    const reader = { count: 0, connection: undefined };
    const arrive = () => {
      reader.count += 1;
      if (reader.count === this.#target) this.#reach();
    };
    const sink = isSample ? new FrameReader((...seen) => this.#sample(...seen, arrive)) : new FrameCounter(arrive);
    const onOpen = () => {
      this.#open += 1;
      this.#wake();
    };
    const onLost = (error) => {
      this.#lost.push(error);
      this.#wake();
    };
    reader.connection = new LoadConnection(target, sink, { onOpen, onLost });
    this.#readers.push(reader);
  }

  #sample(latencyMs, isInOrder, arrive) {
    if (this.#keepsLatencies) this.#latencies.push(latencyMs);
    if (!isInOrder) this.#disorder += 1;
    arrive();
  }

  #aim(target) {
    this.#target = target;
    this.#reached = this.#readers.filter(({ count }) => count >= target).length;
    // Where all were there before anyone asked, this is late; who needs the moment names the target in time.
    if (this.#reached < this.#readers.length || this.#readers.length === 0) this.#reachedAt = undefined;
    else this.#reachedAt ??= epochNow();
  }

  #reach() {
    this.#reached += 1;
    if (this.#reached < this.#readers.length) return;
    this.#reachedAt = epochNow();
    this.#wake();
  }

  async #until(isDone, timeoutMs) {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.#wake();
    }, timeoutMs);
    try {
      while (!isDone()) {
        if (this.#lost.length > 0) throw new Error(`${this.#lost.length} streams were lost: ${this.#lost[0].message}`);
        if (isLate) throw new Error(`After ${timeoutMs} ms: ${this.#standing()}`);
        await new Promise((resolve) => (this.#wake = resolve));
      }
    } finally {
      clearTimeout(timer);
    }
  }

  #standing() {
    const counts = this.#readers.map(({ count }) => count);
    const range = counts.length > 0 ? `${Math.min(...counts)} to ${Math.max(...counts)}` : 'none';
    return `${this.#open} of ${this.#readers.length} streams open, messages each: ${range}, expected ${this.#target}.`;
  }
}
