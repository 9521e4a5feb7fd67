import type { SseClock, TimerHandle } from '../tokens';

/** One timer: setting it again replaces it, so none is ever left behind. */
export class Alarm {
  readonly #clock: SseClock;
  #handle: TimerHandle | undefined;
  #ring: (() => void) | undefined;
  #dueAt = 0;

  constructor(clock: SseClock) {
    this.#clock = clock;
  }

  /** When it rings, in milliseconds since the epoch; `undefined` if it is not set. */
  get dueAt(): number | undefined {
    return this.#ring && this.#dueAt;
  }

  set(delayMs: number, ring: () => void): void {
    this.clear();
    this.#ring = ring;
    this.#dueAt = this.#clock.now() + delayMs;
    this.#handle = this.#clock.setTimeout(() => {
      this.#ring = undefined;
      ring();
    }, delayMs);
  }

  /** Lets it ring after `delayMs` at the latest, if it is set; returns whether that made it earlier. */
  hasten(delayMs: number): boolean {
    if (!this.#ring || this.#dueAt - this.#clock.now() <= delayMs) return false;
    this.set(delayMs, this.#ring);
    return true;
  }

  clear(): void {
    if (!this.#ring) return;
    this.#clock.clearTimeout(this.#handle);
    this.#ring = undefined;
  }
}
