import type { ServerResponse } from 'node:http';
import type { Cursor } from '@throughline/sse-protocol';
import type { EventDefinitions } from '../events/define-events.js';
import type { ReadableLog } from '../log/readable-log.js';
import type { SseRequest } from '../sse-options.js';
import type { StreamFeed } from '../stream/feed.js';
import type { StreamConnection } from '../stream/stream-connection.js';
import type { StreamAcceptance } from './accept.js';
import type { SseResult, SseStreamOptions } from './sse-stream-options.js';

/** Turns what a handler returned into the stream. */
export interface ResultOpener {
  /** Opens the stream; throws, or rejects with, an answer or a problem where no stream is due. */
  open(exchange: StreamExchange, result: SseResult): void | Promise<void>;
}

/** Puts a stream on its response. */
export interface Stage {
  present(feed: StreamFeed, channels: readonly string[]): void;
}

/** One request to a stream's route, from the library's guard to its handler. */
export interface StreamExchange extends StreamAcceptance {
  /** As the HTTP adapter gives it, with what the app's guards put there. */
  readonly request: SseRequest;
  /** What the HTTP adapter answers with: Express's response, Fastify's reply. */
  readonly reply: object;
  /** Node's own, whatever the adapter. */
  readonly response: ServerResponse;
  /** The route, such as `RunsController.events`: the metrics' label. */
  readonly kind: string;
  /** What the route streams, where it says so. */
  readonly events?: EventDefinitions;
  /** The names of the events that the client wants; absent for all. */
  readonly filter?: readonly string[] | undefined;
  /** Whether a slow client gets only the newest message of each key. */
  readonly latestBy?: NonNullable<SseStreamOptions['latestBy']>;
  /** Turns what the handler returns into the stream. */
  readonly opener: ResultOpener;
  /** Where the client wants to continue; `undefined` at the start. */
  readonly cursor: Cursor | undefined;
  /** What puts the stream on the response, once it is clear that no page is due. */
  stage?: Stage;
  /** What the source opened, if there is a source. */
  log?: ReadableLog;
  /** The slot of a stream; absent for a page and for HEAD. */
  connection?: StreamConnection;
}

const exchanges = new WeakMap<object, StreamExchange>();

/** Keeps the exchange with its request. */
export function bindExchange(exchange: StreamExchange): void {
  exchanges.set(exchange.request, exchange);
}

/** Lets go of the exchange: a stream that lasts need not carry it. */
export function releaseExchange({ request }: StreamExchange): void {
  exchanges.delete(request);
}

/** The exchange of a request that passed the library's guard. */
export function exchangeOf(request: object): StreamExchange | undefined {
  return exchanges.get(request);
}
