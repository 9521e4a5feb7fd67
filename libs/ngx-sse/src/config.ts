import { InjectionToken } from '@angular/core';
import type { Observable } from 'rxjs';

/** How messages come: `auto` is the stream with polling as its fallback, where that is provided. */
export type SseTransport = 'auto' | 'sse' | 'polling';

/** When a lost connection is made again. */
export interface ReconnectOptions {
  /** Delay after the first failure; doubles with each further one. Default 1,000. */
  readonly initialDelayMs: number;
  /** No delay is longer. Default 30,000. */
  readonly maxDelayMs: number;
  /** Share of a delay that is random, 0 to 1: a delay is `1 − jitter × random` of the schedule. Default 0.5. */
  readonly jitter: number;
  /** The schedule starts again only after a connection has lasted this long. Default 10,000. */
  readonly stableAfterMs: number;
}

/** When a connection counts as dead although nobody said so. */
export interface LivenessOptions {
  /** Time for the first message; `Infinity` for servers that may say nothing at first. Default 10,000. */
  readonly firstByteTimeoutMs: number;
  /** Silence allowed, in heartbeats as announced by the server. Default 2.5. */
  readonly heartbeatFactor: number;
}

/** The JSON pages that stand in for the stream. */
export interface PollingOptions {
  /** Failures in a row without a byte, after which polling starts. Default 3. */
  readonly afterFailures: number;
  /** Time between two pages; up to a tenth of it is taken off at random. Default 10,000. */
  readonly intervalMs: number;
  /** Messages per page, 1 to 500. Default 500. */
  readonly pageSize: number;
  /** When the stream is tried again; doubles with each failure up to eightfold, and is jittered. Default 300,000. */
  readonly retryStreamAfterMs: number;
  /** Ends with `gave_up` if so long nothing new came; `Infinity` for never. Default 300,000. */
  readonly giveUpAfterMs: number;
}

/** Gets a one-use ticket for one attempt. Runs in an injection context, so it may `inject(HttpClient)`. */
export type TicketSource = (url: string) => Observable<string> | Promise<string>;

/** Everything that the features of `provideSse` decide. */
export interface SseConfig {
  readonly reconnect: ReconnectOptions;
  readonly liveness: LivenessOptions;
  readonly polling: PollingOptions;
  /** Whether `auto` may fall back to polling. */
  readonly hasFallback: boolean;
  /** Asked before each attempt, in an injection context. */
  readonly transport: () => SseTransport;
  readonly withCredentials: boolean;
  readonly ticket: { readonly source: TicketSource; readonly parameter: string } | undefined;
  /** Query parameter for the cursor of a stream that is made again. Default `lastEventId`. */
  readonly lastEventIdParameter: string;
  /** Query parameters of each request, such as `ngsw-bypass`. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** What holds where no feature says otherwise. */
export const DEFAULT_SSE_CONFIG: SseConfig = {
  reconnect: { initialDelayMs: 1_000, maxDelayMs: 30_000, jitter: 0.5, stableAfterMs: 10_000 },
  liveness: { firstByteTimeoutMs: 10_000, heartbeatFactor: 2.5 },
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
  ticket: undefined,
  lastEventIdParameter: 'lastEventId',
  parameters: {},
};

/** The configuration in force; made by `provideSse`. */
export const SSE_CONFIG = new InjectionToken<SseConfig>('SSE_CONFIG', {
  providedIn: 'root',
  factory: () => DEFAULT_SSE_CONFIG,
});
