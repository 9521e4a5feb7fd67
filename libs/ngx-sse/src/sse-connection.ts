import type { DestroyRef, Signal } from '@angular/core';
import type { EventMap, Gap, Message } from '@throughline/sse-protocol';
import type { Observable } from 'rxjs';
import type { SseRequest, SseTransport } from './config';
import type { SseError } from './sse-error';
import type { InvalidMessage, MessageValidator } from './validation';

/**
 * What a connection is doing.
 *
 * `idle`: nobody listens yet, there is no URL, or this is a server · `connecting`: first attempt · `open`: live ·
 * `reconnecting`: waiting or trying again · `polling`: the fallback · `offline`: down, and the browser says that there
 * is no network · `closed`: ended well, or by {@link SseConnection.close} · `failed`: ended by an error that trying
 * again cannot mend
 */
export type SseState = 'idle' | 'connecting' | 'open' | 'reconnecting' | 'polling' | 'offline' | 'closed' | 'failed';

/** Options of one connection. */
export interface SseConnectOptions<E extends EventMap> {
  /**
   * Names of the events to listen to; others are ignored, as the protocol asks. Default: a run's events and `message`.
   * EventSource delivers named events only to listeners of that name.
   */
  readonly events?: readonly string[];
  /** Checks each message before it is delivered. Default: none; the server is trusted. */
  readonly validate?: MessageValidator<E>;
  /** Delivers data that is not JSON as the text that came, instead of reporting it on `invalid`. Default `false`. */
  readonly acceptsText?: boolean;
  /** How the messages of this connection come, once or, by a function in an injection context, before each attempt. */
  readonly transport?: SseTransport | (() => SseTransport);
  /** Method, headers and body; needs `withFetchTransport()`. Such a connection is shared with no other. */
  readonly request?: SseRequest;
  /** Where to go on from, for example after a reload whose state was kept. Default: the start. */
  readonly lastEventId?: string;
  /**
   * Fetches the snapshot that stands for messages which the server no longer has. Messages after the gap are held until
   * it is done. If it fails, or the connection breaks meanwhile, the connection is made again from the old place, so it is
   * called again. It may answer with a function that puts the snapshot in its place: that one is called exactly when
   * the stream goes on after the gap, and not at all if it cannot. Without `onGap`, a gap ends the connection with
   * `gap_unhandled`: messages are never skipped in silence.
   */
  readonly onGap?: ((gap: Gap) => Promise<void | (() => void)> | void | (() => void)) | undefined;
  /** Closes the connection when destroyed. Default: the one of the injection context in which `connect` is called. */
  readonly destroyRef?: DestroyRef;
}

/**
 * One stream. It opens with the first subscription to {@link messages}, {@link on} or {@link invalid}, and pauses when the last one
 * ends; the next one goes on after the last message, so nothing is lost between `connect` and `subscribe`. It ends with
 * {@link close}, with the destroy of its context, or when the server says so.
 */
export interface SseConnection<E extends EventMap> {
  /**
   * Every message once, in order. Subscribers that come while it is open get what comes after.
   *
   * For a fixed URL it completes when the stream has ended (state `closed`) and errors with an {@link SseError} when it
   * cannot go on (state `failed`); never on a passing loss. For a URL function it does neither before {@link close},
   * since another URL may follow.
   */
  readonly messages: Observable<Message<E>>;
  /** Data of the messages of one event; messages of events that nobody listens to are not even parsed. */
  on<K extends keyof E & string>(event: K): Observable<E[K]>;
  /** Messages that were received and are not what they should be. Never errors. */
  readonly invalid: Observable<InvalidMessage>;
  readonly state: Signal<SseState>;
  /** Whether messages come at once: state `open`. */
  readonly isConnected: Signal<boolean>;
  /** The last trouble; `undefined` once messages come again. */
  readonly error: Signal<SseError | undefined>;
  /** Cursor of the last message received; empty at the start. Written at most once per animation frame. */
  readonly lastEventId: Signal<string>;
  /** Failures in a row; 0 once the connection has been stable. */
  readonly attempt: Signal<number>;
  /** When the next attempt is made, while `reconnecting` or `offline`. */
  readonly nextAttemptAt: Signal<Date | undefined>;
  /**
   * Tries now instead of at {@link nextAttemptAt}; while `polling`, tries the stream again. After an end it goes on from the
   * last message, as soon as there is a subscription.
   */
  reconnect(): void;
  /** Ends it for good: closes the stream, completes the observables. */
  close(): void;
}
