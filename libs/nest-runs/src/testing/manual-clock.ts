import type { RunClock } from '../run-clock.js';

interface ManualTimer {
  dueAt: number;
  callback: () => void;
}

/** A clock that stands still until it is told to move. */
export class ManualClock implements RunClock {
  private readonly timers = new Set<ManualTimer>();

  /** @param current milliseconds since 1970, UTC */
  constructor(private current: number = Date.UTC(2026, 0, 1)) {}

  now(): number {
    return this.current;
  }

  setTimeout(callback: () => void, delayMs: number): unknown {
    const timer = { dueAt: this.current + delayMs, callback };
    this.timers.add(timer);
    return timer;
  }

  clearTimeout(timer: unknown): void {
    this.timers.delete(timer as ManualTimer);
  }

  /** Moves on and calls what has come due, earliest first. */
  advance(byMs: number): void {
    const end = this.current + byMs;
    for (;;) {
      const [next] = [...this.timers].filter(({ dueAt }) => dueAt <= end).sort((a, b) => a.dueAt - b.dueAt);
      if (!next) break;
      this.timers.delete(next);
      this.current = Math.max(this.current, next.dueAt);
      next.callback();
    }
    this.current = end;
  }
}
