import type { SseState } from '../sse-connection';
import type { SseError } from '../sse-error';
import type { StreamOwner } from './session-ports';

/** What of a session shows besides its state. */
export interface SessionCounters {
  readonly failures: number;
  /** When the next attempt is due, in milliseconds since the epoch. */
  readonly dueAt: number | undefined;
}

/** Tells a stream's owner how it is doing. */
export class SessionStatus {
  readonly #owner: StreamOwner;
  readonly #isOnline: () => boolean;
  readonly #count: () => SessionCounters;
  #state: SseState = 'connecting';
  #error: SseError | undefined;

  constructor(owner: StreamOwner, isOnline: () => boolean, count: () => SessionCounters) {
    this.#owner = owner;
    this.#isOnline = isOnline;
    this.#count = count;
  }

  /** Whether nothing but the first attempt was made. */
  get isFirstAttempt(): boolean {
    return this.#state === 'connecting';
  }

  /** Keeps the last error unless another, or none, is given. */
  become(state: SseState, ...error: [] | [SseError | undefined]): void {
    this.#state = state;
    if (error.length > 0) this.#error = error[0];
    this.publish();
  }

  publish(): void {
    const { failures, dueAt } = this.#count();
    const isDown = this.#state === 'reconnecting' || (this.#state === 'polling' && this.#error !== undefined);
    this.#owner.changed({
      state: isDown && !this.#isOnline() ? 'offline' : this.#state,
      error: this.#error,
      attempt: failures,
      nextAttemptAt: dueAt === undefined ? undefined : new Date(dueAt),
    });
  }
}
