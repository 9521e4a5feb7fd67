import { makeEnvironmentProviders, type EnvironmentProviders } from '@angular/core';
import type {
  FetchOptions,
  LivenessOptions,
  PollingOptions,
  ReconnectOptions,
  SseTransport,
  TicketSource,
} from './config';
import { isDev } from './dev-mode';
import { DEFAULT_SSE_CONFIG, SSE_CONFIG } from './sse-config';
import { createFeature, type SseFeature } from './sse-feature';
import { createFetchTransport } from './transport/fetch-transport';
import { POLLING_PARTS } from './transport/polling-transport';
import { createTicketFetch } from './transport/ticket';

/**
 * Provides event streams: `provideSse(withReconnect(), withPollingFallback())`. Later features win over earlier ones.
 * Without it, `SseClient` works with the defaults and without fallback.
 */
export function provideSse(...features: SseFeature[]): EnvironmentProviders {
  const config = features.reduce((before, feature) => feature.apply(before), DEFAULT_SSE_CONFIG);
  return makeEnvironmentProviders([{ provide: SSE_CONFIG, useValue: config }]);
}

/** Sets when a lost connection is made again. Throws a `RangeError` in development for delays and shares that make no sense. */
export function withReconnect(options: Partial<ReconnectOptions> = {}): SseFeature {
  if (isDev) requireDurations(options.initialDelayMs, options.maxDelayMs, options.stableAfterMs);
  if (isDev && options.jitter !== undefined && !(options.jitter >= 0 && options.jitter <= 1)) {
    throw new RangeError(`withReconnect: jitter is a share from 0 to 1, not ${options.jitter}.`);
  }
  return createFeature((config) => ({ ...config, reconnect: { ...config.reconnect, ...options } }));
}

/** Sets when a silent connection counts as dead. */
export function withLiveness(options: Partial<LivenessOptions>): SseFeature {
  if (isDev) requireDurations(options.firstByteTimeoutMs, options.heartbeatFactor, options.heartbeatIntervalMs);
  return createFeature((config) => ({ ...config, liveness: { ...config.liveness, ...options } }));
}

/** Lets `auto` fall back to polling JSON pages of the same URL where streams do not get through. */
export function withPollingFallback(options: Partial<PollingOptions> = {}): SseFeature {
  if (isDev)
    requireDurations(options.afterFailures, options.intervalMs, options.retryStreamAfterMs, options.giveUpAfterMs);
  if (isDev && options.pageSize !== undefined && !(options.pageSize >= 1 && options.pageSize <= 500)) {
    throw new RangeError(`withPollingFallback: pageSize is 1 to 500, not ${options.pageSize}.`);
  }
  return createFeature((config) => ({
    ...config,
    hasFallback: true,
    polling: { ...config.polling, ...options },
    pollingParts: POLLING_PARTS,
  }));
}

/**
 * Reads streams by `fetch` instead of `EventSource`: with headers of yours, any method and a body, a status that is known at
 * once, and comments that count as signs of life. The place in the stream goes into `Last-Event-ID`, which other origins must
 * allow by `Access-Control-Allow-Headers`. A function for `headers` is asked for each request, in an injection context; the
 * headers go with pages and streams alike. Redirects are followed as `fetch` does.
 */
export function withFetchTransport(options: Partial<FetchOptions> = {}): SseFeature {
  const { headers, maxMessageCharacters = 2 ** 24 } = options;
  if (isDev) requireDurations(maxMessageCharacters);
  return createFeature((config) => ({
    ...config,
    headers: headers ?? config.headers,
    fetchTransport: (ports) => createFetchTransport(ports, maxMessageCharacters),
  }));
}

/**
 * Chooses the transport, once or, by a function in an injection context, before each attempt. Default `auto`, which is the
 * stream alone unless {@link withPollingFallback} is given, too. A connection's own `transport` is preferred to it.
 */
export function withTransport(transport: SseTransport | (() => SseTransport)): SseFeature {
  const choose = typeof transport === 'function' ? transport : () => transport;
  return createFeature((config) => ({ ...config, transport: choose, pollingParts: POLLING_PARTS }));
}

/** Sends cookies to other origins, too. */
export function withCredentials(): SseFeature {
  return createFeature((config) => ({ ...config, withCredentials: true }));
}

/**
 * Adds a fresh one-use ticket to each attempt, for servers that take neither cookie nor header. The source runs in an
 * injection context: `withTicket(() => inject(HttpClient).post<{ ticket: string }>(…).pipe(map(…)))`.
 */
export function withTicket(source: TicketSource, parameter = 'ticket'): SseFeature {
  return createFeature((config) => ({ ...config, ticket: createTicketFetch(source, parameter) }));
}

/** Names the query parameter that carries the cursor of an `EventSource` that is made again. */
export function withLastEventIdParameter(name: string): SseFeature {
  return createFeature((config) => ({ ...config, lastEventIdParameter: name }));
}

/** Keeps Angular's service worker away from streams; it would hold them open and hide their end. */
export function withServiceWorkerBypass(): SseFeature {
  return createFeature((config) => ({ ...config, parameters: { ...config.parameters, 'ngsw-bypass': 'true' } }));
}

function requireDurations(...values: (number | undefined)[]): void {
  for (const value of values) {
    if (value !== undefined && !(value > 0)) throw new RangeError(`A positive number is needed, not ${value}.`);
  }
}
