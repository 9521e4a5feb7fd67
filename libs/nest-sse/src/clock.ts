/** Time, as the library sees it; replaced in tests. */
export interface SseClock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  /** Calls back once after `delayMs`, without keeping the process alive; answers with what cancels it. */
  schedule(callback: () => void, delayMs: number): () => void;
}

/** The machine's clock. */
export const systemClock: SseClock = {
  now: () => Date.now(),
  schedule: (callback, delayMs) => {
    const timer = setTimeout(callback, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

let formattedMs = Number.NaN;
let formatted = '';

/** `now` as RFC 3339 in UTC. Of what is published in one millisecond, it is formatted once. */
export function timestampOf(clock: SseClock): string {
  const nowMs = clock.now();
  if (nowMs !== formattedMs) {
    formatted = new Date(nowMs).toISOString();
    formattedMs = nowMs;
  }
  return formatted;
}

/** Spreads `baseMs` evenly by ± `ratio`, so that clients that were cut together do not come back together. */
export function jitter(baseMs: number, ratio: number, random: () => number): number {
  return Math.round(baseMs * (1 - ratio + 2 * ratio * random()));
}
