import type { ControlEvents, Cursor, EventPage } from '@throughline/sse-protocol';
import type { SseRequest } from '../config';
import type { SseError } from '../sse-error';
import type { ReceivedMessage } from '../stream/received-message';

/** One way in which messages come. Made once per stream; opened once per attempt. */
export interface StreamTransport {
  /**
   * `stream`: one answer that goes on until it breaks · `polling`: asks for page after page, also after failures, by itself ·
   * `inquiry`: asks once
   */
  readonly kind: 'stream' | 'polling' | 'inquiry';
  /** Begins; tells at once or later. */
  open(request: TransportRequest, events: TransportEvents): TransportConnection;
  /** Only where `unexplained` may be told: asks why. */
  readonly inquiry?: StreamTransport;
}

/** What is asked for. */
export interface TransportRequest {
  /** Names of the events that are wanted. */
  readonly events: ReadonlySet<string>;
  /** Id of the last message received; empty at the start. */
  readonly cursor: () => Cursor;
  /**
   * The URL with `parameters`, with those of the configuration and a fresh ticket. A promise only with tickets; rejects with
   * an {@link SseError} only.
   */
  readonly address: (parameters: Readonly<Record<string, string>>) => string | Promise<string>;
  /** Method, body and headers, where the connection has its own. */
  readonly init: SseRequest | undefined;
}

/** What a transport tells; nothing after {@link TransportConnection.close}, nor after `ended`. */
export interface TransportEvents {
  /** The header of a stream came. Proxies that buffer let it through, so it proves little. */
  accepted(): void;
  /** Bytes of the answer's body came, whatever they say. Before what they carry. */
  alive(): void;
  /** A comment came; told only where comments can be seen. */
  comment(): void;
  message(message: ReceivedMessage): void;
  /** `data` is `undefined` where it is not a JSON object. */
  control(event: keyof ControlEvents, data: Readonly<Record<string, unknown>> | undefined): void;
  /** `retry:` came; told only where it can be seen. */
  retry(delayMs: number): void;
  /** A page came. `done` is called when its messages are through, and never if they cannot be. */
  page(page: EventPage, done: () => void): void;
  /** A request failed, and another one follows by itself. */
  troubled(error: SseError): void;
  /** Last call. */
  ended(end: TransportEnd): void;
}

/** How a transport came to its end. */
export type TransportEnd =
  /** Nothing will ever come: 204, or the last page. */
  | { readonly kind: 'complete' }
  /** The connection broke. */
  | { readonly kind: 'lost' }
  /** The answer was no stream, and this transport cannot see what it was. */
  | { readonly kind: 'unexplained' }
  /** It was turned away, or never began. Final unless `error.isPassing`. */
  | { readonly kind: 'refused'; readonly error: SseError; readonly retryAfterMs?: number | undefined };

/** One opened transport. */
export interface TransportConnection {
  /** Ends it; nothing is told any more, and nothing is left running. */
  close(): void;
  /** Only where it polls. */
  readonly polling?: PollingControls;
}

/** What can be asked of a transport that goes on by itself. */
export interface PollingControls {
  /** Failures in a row. */
  readonly failures: number;
  /** Asks after `delayMs` at the latest. */
  hasten(delayMs: number): void;
  /** What the last page brought could not be used: ask for it again later. */
  retry(error: SseError): void;
}
