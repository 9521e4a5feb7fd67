import type { ExecutionContext, Type } from '@nestjs/common';
import type { Cursor, EventMap } from '@throughline/sse-protocol';
import type { Observable } from 'rxjs';
import type { EventDefinitions, EventsOf } from '../events/define-events.js';
import type { ReadableLog } from '../log/readable-log.js';

/**
 * Finds the log of a request and checks the right to read it. It runs in the library's guard, after the app's guards
 * and before the stream opens, at each connection and each page; so it may throw 401, 403 or 404 problems.
 */
export interface SseSource {
  /**
   * Opens the {@link EventLog} of the request. Answer with the same object for the same log while it is in use:
   * connections share reads and frames by its identity. A log with a `name` is shown by it in {@link SseConnections}.
   */
  open(context: ExecutionContext): Promise<ReadableLog> | ReadableLog;
}

/** How a stream may be asked for. */
export type SseMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Options of {@link SseStream}. */
export interface SseStreamOptions<D extends EventDefinitions = EventDefinitions> {
  /** The provider that opens the log of a request; a singleton of any module. */
  source?: Type<SseSource>;
  /**
   * For clients that fetch instead of using an EventSource, which can only `GET`: the question is in the body then, and
   * `@Body()` is parsed and validated before the stream opens. Default `GET`.
   */
  method?: SseMethod;
  /**
   * What is streamed, from {@link defineEvents}: the compiler holds the handler to it, the OpenAPI document tells it, and
   * in development outgoing messages are checked against it. Default: any event, any data.
   */
  events?: D;
  /**
   * Whether a client may ask for some events only, by `?events=progress,section`: for its stream and its pages, with the
   * same cursors. See {@link filterLog}. With `events`, other names than theirs are refused: 400 `invalid_events`.
   * Default `false`: the query is ignored.
   */
  filter?: boolean;
  /**
   * For Observables of snapshots: what tells apart what they are snapshots of, a price's symbol say. Of the messages that
   * wait for a slow client, only the newest of each key is kept, instead of closing its stream as `slow`; never drop
   * deltas so. Its messages have the types of `events`; without those, `data` is `unknown`. Default: none, each message is
   * sent.
   */
  latestBy?(message: SseEvent<EventsOf<D>>): string;
}

/** A message of an Observable: with an id if it can be resumed from. Data that is an object gets a `timestamp`. */
export type SseEvent<E extends EventMap = Record<string, unknown>> = {
  [K in keyof E & string]: { readonly event: K; readonly data: E[K]; readonly id?: Cursor };
}[keyof E & string];

/** What a handler streams. */
export type SseContent<E extends EventMap = Record<string, unknown>> = Observable<SseEvent<E>> | ReadableLog<E>;

/** What a handler of {@link SseStream} may return. */
export type SseResult<E extends EventMap = Record<string, unknown>> = SseContent<E> | Promise<SseContent<E>>;
