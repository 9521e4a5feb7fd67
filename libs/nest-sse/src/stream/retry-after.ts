import type { CloseReason } from '@throughline/sse-protocol';
import { jitter } from '../clock.js';
import type { SseSettings } from '../sse-options.js';

/** How far reconnection times are spread. */
export const RETRY_JITTER = 0.5;

/** Long enough that tabs which take each other's place do no work; short enough that one which stays comes back. */
const SUPERSEDED_RETRY_MS = 300_000;

/** When the client may come back, spread so that many do not come at once; `undefined` where the protocol names none. */
export function retryAfter(reason: CloseReason, settings: SseSettings): number | undefined {
  const bases: Partial<Record<CloseReason, number>> = {
    drain: settings.drainRetryAfterMs,
    lifetime: settings.retryMs,
    limit: settings.limitRetryAfterMs,
    overloaded: settings.limitRetryAfterMs,
  };
  const baseMs = bases[reason];
  return baseMs === undefined ? undefined : jitter(baseMs, RETRY_JITTER, settings.random);
}

/**
 * The reconnection time to set with a close; `undefined` leaves it. An EventSource comes back also where its user has
 * opened a stream in its place, and would take that one's place in turn: it is to wait for long.
 */
export function reconnectionTime(reason: CloseReason, settings: SseSettings): number | undefined {
  return reason === 'superseded'
    ? jitter(SUPERSEDED_RETRY_MS, RETRY_JITTER, settings.random)
    : retryAfter(reason, settings);
}
