import type { Cursor, Gap } from '@throughline/sse-protocol';
import type { SseRequest, SseTransport } from '../config';
import type { SseState } from '../sse-connection';
import type { SseError } from '../sse-error';
import type { ReceivedMessage } from './received-message';

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
  /** Fetches what stands for the missing messages. */
  bridge(gap: Gap): Promise<void>;
  /** It is there: the stream goes on from the gap's end. */
  bridged(gap: Gap): void;
  changed(status: StreamStatus): void;
  /** The stream has ended by itself; with an error where trying again makes no sense. */
  ended(error: SseError | undefined): void;
}
