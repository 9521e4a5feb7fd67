import { signal, type Signal } from '@angular/core';
import type { SseClock, TimerHandle } from '../tokens';

/** A signal that is written at most once per animation frame, however often its value changes. */
export class FrameSignal<T> {
  readonly #clock: SseClock;
  readonly #signal;
  #latest: T;
  #frame: TimerHandle | undefined;

  constructor(clock: SseClock, initial: T) {
    this.#clock = clock;
    this.#latest = initial;
    this.#signal = signal(initial);
  }

  /** Behind {@link latest} by a frame at most. */
  get signal(): Signal<T> {
    return this.#signal.asReadonly();
  }

  get latest(): T {
    return this.#latest;
  }

  set(value: T): void {
    this.#latest = value;
    this.#frame ??= this.#clock.requestFrame(() => this.flush());
  }

  /** Writes now, and leaves no frame behind. */
  flush(): void {
    if (this.#frame !== undefined) this.#clock.cancelFrame(this.#frame);
    this.#frame = undefined;
    this.#signal.set(this.#latest);
  }
}
