import type { LockManagerLike } from './tab-platform';

/** What a {@link Leadership} tells; nothing after {@link Leadership.leave}. */
export interface LeadershipEvents {
  won(): void;
  /** Another tab took it. */
  lost(): void;
  /** There are no locks here after all, as in a page of opaque origin. */
  unavailable(): void;
}

/** A lock that one tab holds at a time. The browser gives it to the next one when its holder is gone, however that went. */
export class Leadership {
  readonly #locks: LockManagerLike;
  readonly #name: string;
  readonly #to: LeadershipEvents;
  /** Ends waiting and holding alike. */
  #leaving: AbortController | undefined;

  constructor(locks: LockManagerLike, name: string, to: LeadershipEvents) {
    this.#locks = locks;
    this.#name = name;
    this.#to = to;
  }

  /** Waits for its turn; with `isTaken`, takes it from whoever holds it. */
  seek(isTaken = false): void {
    this.leave();
    const leaving = new AbortController();
    this.#leaving = leaving;
    const { signal } = leaving;
    // The standard allows no signal beside `steal`, which does not wait anyway.
    this.#locks
      .request(this.#name, isTaken ? { steal: true } : { signal }, () => {
        if (signal.aborted) return undefined;
        const left = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
        this.#to.won();
        return left;
      })
      .catch((error: unknown) => {
        if (signal.aborted) return;
        this.#leaving = undefined;
        // Stolen, maybe before it was granted here; a page that may not lock gets another error.
        if (error instanceof DOMException && error.name === 'AbortError') this.#to.lost();
        else this.#to.unavailable();
      });
  }

  /** Waits no longer, or lets the next one have it. */
  leave(): void {
    this.#leaving?.abort();
    this.#leaving = undefined;
  }
}
