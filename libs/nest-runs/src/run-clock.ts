/** Source of time and of the timers that bound runs; tests inject their own. */
export interface RunClock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  setTimeout(callback: () => void, delayMs: number): unknown;
  clearTimeout(timer: unknown): void;
}

/** The machine's clock. Its timers don't keep the process alive. */
export const systemClock: RunClock = {
  now: () => Date.now(),
  setTimeout: (callback, delayMs) => setTimeout(callback, delayMs).unref(),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
};
