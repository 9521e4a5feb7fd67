import type { ConnectionEnd } from '../sse-metrics.js';

/**
 * Attributes of a span or of one of its events, named after OpenTelemetry's semantic conventions where they have a name
 * for it, else `sse.*`. Values are bounded: never a user, an address or a cursor.
 */
export type SseAttributes = Readonly<Record<string, string | number | boolean>>;

/** What is known of a connection when it opens. */
export interface SseConnectionFacts {
  /** A name for the span: `SSE PricesController.prices`. */
  readonly name: string;
  /** Milliseconds since 1970, UTC: when the connection took its slot, before the handler ran. */
  readonly startedAtMs: number;
  readonly attributes: SseAttributes;
}

/** The span of one connection. */
export interface SseSpan {
  /**
   * Something happened: `sse.gap` (`sse.gap.reason`), `sse.slow`, `sse.failed` (`error.type`), and `sse.closing`
   * (`sse.close.reason`), when the server has said why it ends the stream and the client has yet to take it.
   */
  event(name: string, attributes: SseAttributes): void;
  /** The connection is over; called once, last. `error.type` is set where the server was at fault. */
  end(reason: ConnectionEnd, attributes: SseAttributes): void;
}

/**
 * Makes a span of each connection, for OpenTelemetry or anything like it. All its callbacks run in the context of the
 * connection's own request (`AsyncLocalStorage`, and with it OpenTelemetry's active context), also where a shared timer
 * or another's request made the thing happen. What it throws is logged and hurts no stream.
 */
export interface SseTracer {
  /** A stream has opened. Answer with its span, or with `undefined` where it is not traced. */
  connection(facts: SseConnectionFacts): SseSpan | undefined;
}
