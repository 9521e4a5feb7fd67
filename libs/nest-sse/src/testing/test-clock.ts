import type { SseClock } from '../clock.js';

interface Timer {
  dueAt: number;
  callback: () => void;
}

/** A clock that stands still until it is told to go on. */
export class TestClock implements SseClock {
  private timers: Timer[] = [];

  /** @param nowMs where it begins; default: 2026-01-01, UTC */
  constructor(private nowMs = Date.UTC(2026, 0, 1)) {}

  now(): number {
    return this.nowMs;
  }

  schedule(callback: () => void, delayMs: number): () => void {
    const timer: Timer = { dueAt: this.nowMs + delayMs, callback };
    this.timers.push(timer);
    return () => (this.timers = this.timers.filter((it) => it !== timer));
  }

  /** Goes on by `durationMs`, calling back whatever is due on the way, in order. */
  advance(durationMs: number): void {
    const end = this.nowMs + durationMs;
    for (let next = this.nextBefore(end); next; next = this.nextBefore(end)) {
      this.timers = this.timers.filter((it) => it !== next);
      this.nowMs = Math.max(this.nowMs, next.dueAt);
      next.callback();
    }
    this.nowMs = end;
  }

  private nextBefore(end: number): Timer | undefined {
    return this.timers.filter(({ dueAt }) => dueAt <= end).sort((a, b) => a.dueAt - b.dueAt)[0];
  }
}
