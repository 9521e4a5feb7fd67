import type { SseOptions } from '../config';
import type { EventSourceConstructor, SseClock } from '../tokens';
import type { Fallback, FallbackPorts } from '../transport/fallback';
import type { StreamTransport } from '../transport/stream-transport';
import type { Session, SessionOwner } from './session';
import type { StreamRequest } from './stream-owner';

export type { StreamOwner, StreamRequest, StreamStatus } from './stream-owner';

/** What every stream of an application shares. */
export interface StreamPorts {
  readonly config: SseConfig;
  readonly clock: SseClock;
  readonly random: () => number;
  readonly eventSource: EventSourceConstructor | undefined;
  readonly fetch: typeof fetch | undefined;
  /** Runs a caller's function in an injection context, so that it may `inject`; what it reads is no dependency of anybody. */
  readonly run: <T>(call: () => T) => T;
  /** What the browser believes; `true` proves nothing. */
  readonly isOnline: () => boolean;
}

/** Makes a transport for a stream. */
export type TransportFactory = (ports: StreamPorts) => StreamTransport;

/** Polling and what decides when to use it; comes with the features that need it, so that other apps do not ship it. */
export interface PollingParts {
  readonly createTransport: TransportFactory;
  readonly createFallback: (ports: FallbackPorts) => Fallback;
}

/** Gets the query parameters of a fresh ticket. Rejects with an `SseError` only. */
export type TicketFetch = (url: string, run: StreamPorts['run']) => Promise<Readonly<Record<string, string>>>;

/** Makes a session that is not this tab's own; `undefined` for a stream that has to be. */
export type SessionFactory = (ports: StreamPorts, request: StreamRequest, owner: SessionOwner) => Session | undefined;

/** Everything that the features of `provideSse` decide; what they bring is not shipped without them. */
export interface SseConfig extends SseOptions {
  readonly ticket?: TicketFetch;
  readonly fetchTransport?: TransportFactory;
  readonly pollingParts?: PollingParts;
  /** Reads streams together with other tabs; not given: each tab for itself. */
  readonly openSession?: SessionFactory;
}
