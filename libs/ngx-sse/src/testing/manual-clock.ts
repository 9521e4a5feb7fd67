import type { SseClock, TimerHandle } from '@throughline/ngx-sse';

interface Timer {
  readonly dueAt: number;
  readonly ring: () => void;
}

const FRAME_MS = 16;

/** A clock that stands still until it is told to go on. */
export class ManualClock implements SseClock {
  #nowMs: number;
  readonly #timers = new Set<Timer>();

  constructor(nowMs = Date.UTC(2026, 0, 1)) {
    this.#nowMs = nowMs;
  }

  /** Timers and frames that are set. */
  get pendingTimers(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#nowMs;
  }

  setTimeout(ring: () => void, delayMs: number): TimerHandle {
    const timer: Timer = { dueAt: this.#nowMs + delayMs, ring };
    this.#timers.add(timer);
    return timer;
  }

  clearTimeout(handle: TimerHandle): void {
    this.#timers.delete(handle as Timer);
  }

  requestFrame(callback: () => void): TimerHandle {
    return this.setTimeout(callback, FRAME_MS);
  }

  cancelFrame(handle: TimerHandle): void {
    this.clearTimeout(handle);
  }

  /** Lets time pass and rings what falls due, each at its own time. */
  advance(durationMs: number): void {
    const untilMs = this.#nowMs + durationMs;
    for (let next = this.#next(untilMs); next; next = this.#next(untilMs)) {
      this.#timers.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.dueAt);
      next.ring();
    }
    this.#nowMs = untilMs;
  }

  /** Lets time pass without ringing, as in a sleeping laptop; what fell due rings with the next {@link advance}. */
  sleep(durationMs: number): void {
    this.#nowMs += durationMs;
  }

  #next(untilMs: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.dueAt <= untilMs && (!next || timer.dueAt < next.dueAt)) next = timer;
    }
    return next;
  }
}
