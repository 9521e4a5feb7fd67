import type { Cursor, Gap } from '@throughline/sse-protocol';
import type { SseConfig, SseRequest, SseTransport } from '../config';
import type { SseState } from '../sse-connection';
import type { SseError } from '../sse-error';
import type { EventSourceConstructor, SseClock } from '../tokens';
import type { ReceivedMessage } from './received-message';

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

/** Which stream, and from where. */
export interface StreamRequest {
  readonly url: string;
  readonly events: ReadonlySet<string>;
  readonly start: Cursor;
  /** What this connection wants instead of the configuration's. */
  readonly transport?: SseTransport | (() => SseTransport) | undefined;
  readonly init?: SseRequest | undefined;
}

/** How a stream is doing. */
export interface StreamStatus {
  readonly state: SseState;
  readonly error: SseError | undefined;
  readonly attempt: number;
  readonly nextAttemptAt: Date | undefined;
}

/** Whom a session tells; nothing after `ended` or `close`. */
export interface StreamOwner {
  deliver(message: ReceivedMessage): void;
  bridge(gap: Gap): Promise<void>;
  bridged(gap: Gap): void;
  changed(status: StreamStatus): void;
  /** The stream has ended by itself; with an error where trying again makes no sense. */
  ended(error: SseError | undefined): void;
}
