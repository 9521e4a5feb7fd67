import type { ReconnectOptions } from '../config';

/** A base of nothing would make a loop without pauses of any server that answers `retryAfterMs: 0`. */
const LEAST_BASE_MS = 100;
const MOST_DOUBLINGS = 30;

/** The schedule of attempts: 1, 2, 4 … seconds, each shortened at random so that clients do not come back as a herd. */
export class Backoff {
  readonly #options: ReconnectOptions;
  readonly #random: () => number;
  /** Base of a schedule that starts again. */
  #initialMs: number;
  #baseMs: number;
  #failures = 0;
  #plannedCloses = 0;

  constructor(options: ReconnectOptions, random: () => number) {
    this.#options = options;
    this.#random = random;
    this.#initialMs = this.#baseMs = options.initialDelayMs;
  }

  /** Failures since the last {@link reset}. */
  get failures(): number {
    return this.#failures;
  }

  /** Counts a failure and returns the milliseconds to wait. */
  fail(): number {
    this.#failures += 1;
    return this.#jittered(this.#doubled(this.#baseMs, this.#failures - 1));
  }

  /**
   * Returns the milliseconds to wait after a close that the server had planned. It is no failure, and the first one is as
   * short as the server says; but a server that does nothing else is not asked at full speed.
   */
  plannedClose(retryAfterMs: number | undefined): number {
    this.#plannedCloses += 1;
    const wantedMs = retryAfterMs ?? this.#options.initialDelayMs;
    if (this.#plannedCloses === 1) return this.#jittered(wantedMs);
    return this.#jittered(Math.max(wantedMs, this.#doubled(this.#options.initialDelayMs, this.#plannedCloses - 2)));
  }

  /** Milliseconds to wait when there is reason to think that the network is back: short, without counting. */
  soon(): number {
    return this.#jittered(this.#options.initialDelayMs);
  }

  /** The server names the delay after a first failure, until a connection was stable. */
  moveBase(baseMs: number): void {
    if (Number.isFinite(baseMs)) this.#baseMs = Math.max(LEAST_BASE_MS, baseMs);
  }

  /** The server names the delay for good, by `retry:`. */
  settleBase(baseMs: number): void {
    this.moveBase(baseMs);
    this.#initialMs = this.#baseMs;
  }

  /** A connection was stable, so the schedule starts again. */
  reset(): void {
    this.#failures = 0;
    this.#plannedCloses = 0;
    this.#baseMs = this.#initialMs;
  }

  #doubled(baseMs: number, times: number): number {
    return baseMs * 2 ** Math.min(times, MOST_DOUBLINGS);
  }

  #jittered(delayMs: number): number {
    const scheduledMs = Math.min(Math.max(0, delayMs), this.#options.maxDelayMs);
    return scheduledMs * (1 - this.#options.jitter * this.#random());
  }
}
