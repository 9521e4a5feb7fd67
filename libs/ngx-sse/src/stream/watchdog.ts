import type { LivenessOptions } from '../config';
import type { SseClock } from '../tokens';
import { Alarm } from './alarm';

/** How a connection that nobody ended is known to be dead. */
export type DeathSign = 'no_first_byte' | 'silent';

/**
 * Watches one connection. It compares timestamps instead of trusting that a timer fires in time: background tabs throttle
 * timers, and sleeping laptops stop them.
 */
export class Watchdog {
  readonly #clock: SseClock;
  readonly #options: LivenessOptions;
  readonly #onDead: (sign: DeathSign) => void;
  readonly #alarm: Alarm;
  #sign: DeathSign = 'no_first_byte';
  #allowedMs: number;
  #lastAt: number;
  #isStopped = false;

  /** Starts at once, waiting for the first byte. */
  constructor(clock: SseClock, options: LivenessOptions, onDead: (sign: DeathSign) => void) {
    this.#clock = clock;
    this.#options = options;
    this.#onDead = onDead;
    this.#alarm = new Alarm(clock);
    this.#allowedMs = options.firstByteTimeoutMs;
    this.#lastAt = clock.now();
    this.#arm();
  }

  /** Something came. Costs no timer: the one that is set finds out when it fires. */
  touch(): void {
    this.#lastAt = this.#clock.now();
    if (this.#sign === 'silent') return;
    this.#sign = 'silent';
    this.announce(this.#options.heartbeatIntervalMs); // until the server says how often it speaks
  }

  /** The server says how often it speaks. */
  announce(heartbeatIntervalMs: number): void {
    if (!(heartbeatIntervalMs > 0)) return;
    this.#allowedMs = heartbeatIntervalMs * this.#options.heartbeatFactor;
    this.#arm();
  }

  /** Decides now, for example when the page becomes visible. */
  check(): void {
    if (this.#isStopped) return;
    const now = this.#clock.now();
    if (now < this.#lastAt) this.#lastAt = now; // the wall clock was set back
    if (now - this.#lastAt < this.#allowedMs) return this.#arm();
    this.stop();
    this.#onDead(this.#sign);
  }

  stop(): void {
    this.#isStopped = true;
    this.#alarm.clear();
  }

  #arm(): void {
    this.#alarm.clear();
    if (this.#isStopped || !Number.isFinite(this.#allowedMs)) return;
    const dueInMs = this.#lastAt + this.#allowedMs - this.#clock.now();
    this.#alarm.set(Math.max(0, dueInMs), () => this.check());
  }
}
