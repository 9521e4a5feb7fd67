import { inject, InjectionToken } from '@angular/core';
import type { SseConfig } from './stream/session-ports';

/** What holds where no feature says otherwise. */
export const DEFAULT_SSE_CONFIG: SseConfig = {
  reconnect: { initialDelayMs: 1_000, maxDelayMs: 30_000, jitter: 0.5, stableAfterMs: 10_000 },
  liveness: { firstByteTimeoutMs: 10_000, heartbeatFactor: 2.5, heartbeatIntervalMs: Infinity },
  polling: {
    afterFailures: 3,
    intervalMs: 10_000,
    pageSize: 500,
    retryStreamAfterMs: 300_000,
    giveUpAfterMs: 300_000,
  },
  hasFallback: false,
  transport: () => 'auto',
  withCredentials: false,
  lastEventIdParameter: 'lastEventId',
  parameters: {},
};

/** The configuration in force; made by `provideSse`. */
export const SSE_CONFIG = new InjectionToken<SseConfig>('SSE_CONFIG', {
  providedIn: 'root',
  factory: () => DEFAULT_SSE_CONFIG,
});

/** Query parameter for the cursor of an `EventSource`, for the testing kit. */
export function lastEventIdParameter(): string {
  return inject(SSE_CONFIG).lastEventIdParameter;
}
