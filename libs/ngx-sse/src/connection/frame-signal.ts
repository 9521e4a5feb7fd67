import { signal, type Signal, type WritableSignal } from '@angular/core';
import type { SseClock, TimerHandle } from '../tokens';

/** Runs a task once in the next animation frame, however often it is asked for until then. */
export class FrameTask {
  readonly #clock: SseClock;
  readonly #run: () => unknown;
  #frame: TimerHandle | undefined;

  constructor(clock: SseClock, run: () => unknown) {
    this.#clock = clock;
    this.#run = run;
  }

  request(): void {
    this.#frame ??= this.#clock.requestFrame(() => {
      this.#frame = undefined;
      this.#run();
    });
  }

  /** Runs now what waits for the frame, if anything does. */
  flush(): void {
    if (this.#frame === undefined) return;
    this.cancel();
    this.#run();
  }

  /** Leaves no frame behind. */
  cancel(): void {
    if (this.#frame !== undefined) this.#clock.cancelFrame(this.#frame);
    this.#frame = undefined;
  }
}

/** A signal that is written at most once per animation frame, however often its value changes. */
export class FrameSignal<T> {
  readonly #signal: WritableSignal<T>;
  readonly #task: FrameTask;
  #latest: T;

  constructor(clock: SseClock, initial: T) {
    this.#latest = initial;
    this.#signal = signal(initial);
    this.#task = new FrameTask(clock, () => this.#signal.set(this.#latest));
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
    this.#task.request();
  }

  /** Writes now, and leaves no frame behind. */
  flush(value: T = this.#latest): void {
    this.#latest = value;
    this.#task.cancel();
    this.#signal.set(value);
  }
}
