import type { SseOptions } from '../config';

/** What a {@link Fallback} needs. */
export interface FallbackPorts {
  readonly config: SseOptions;
  readonly random: () => number;
  /** Whether this connection may fall back at all. */
  readonly isAllowed: () => boolean;
}

const MOST_DELAY_FACTOR = 8;

/** Decides when streams do not get through, and when to try them again. */
export class Fallback {
  readonly #ports: FallbackPorts;
  #blindFailures = 0;
  #delayFactor = 1;
  /** Polling is in use; an attempt made meanwhile is a trial. */
  isActive = false;

  constructor(ports: FallbackPorts) {
    this.#ports = ports;
  }

  /** A failure in which nothing came through, or nothing any more: a proxy that buffers lets the first bytes pass. */
  countBlind(): void {
    this.#blindFailures += 1;
  }

  /** Streams get through, whatever else went wrong. */
  countSighted(): void {
    this.#blindFailures = 0;
  }

  /** Whether to poll instead of trying the stream once more. */
  get isDue(): boolean {
    const { config, isAllowed } = this.#ports;
    return this.#blindFailures >= config.polling.afterFailures && isAllowed();
  }

  /** Milliseconds until the next trial: rare, rarer with each failed one, and jittered. */
  nextTrialDelayMs(): number {
    const { config, random } = this.#ports;
    const delayMs = config.polling.retryStreamAfterMs * this.#delayFactor;
    this.#delayFactor = Math.min(this.#delayFactor * 2, MOST_DELAY_FACTOR);
    return delayMs * (1 - config.reconnect.jitter * random());
  }

  /** A trial succeeded, or there is another reason to use streams. */
  leave(): void {
    this.isActive = false;
    this.#delayFactor = 1;
  }
}
