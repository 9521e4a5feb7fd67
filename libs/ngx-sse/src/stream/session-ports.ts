import type { Cursor, Gap } from '@throughline/sse-protocol';
import type { SseConfig } from '../config';
import type { SseState } from '../sse-connection';
import type { SseError } from '../sse-error';
import type { EventSourceConstructor, SseClock } from '../tokens';
import type { ReceivedMessage } from './received-message';
import type { TicketFetch } from './stream-address';

/** What every stream of an application shares. */
export interface StreamPorts {
  readonly config: SseConfig;
  readonly clock: SseClock;
  readonly random: () => number;
  readonly eventSource: EventSourceConstructor | undefined;
  readonly fetch: typeof fetch | undefined;
  readonly fetchTicket: TicketFetch | undefined;
  /** What the browser believes; `true` proves nothing. */
  readonly isOnline: () => boolean;
}

/** Which stream, and from where. */
export interface StreamRequest {
  readonly url: string;
  readonly events: ReadonlySet<string>;
  readonly start: Cursor;
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
