import type { CloseReason } from '@throughline/sse-protocol';
import { jitter } from '../clock.js';
import type { SseSettings } from '../sse-options.js';

/** How far reconnection times are spread. */
export const RETRY_JITTER = 0.5;

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
