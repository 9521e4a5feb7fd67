import type { SseStreamOptions } from './sse-stream-options.js';

/** Key of a stream handler's options. */
const STREAM_ROUTE = Symbol('throughline:sse-stream');

/** Nest's keys for a handler's guards and filters; it exports no constants for them. A spec holds them to what Nest does. */
const ENHANCER_KEYS = ['__guards__', '__exceptionFilters__'];

/** Marks a handler as a stream's. */
export function markStreamRoute(handler: object, options: SseStreamOptions): void {
  Reflect.defineMetadata(STREAM_ROUTE, options, handler);
}

/** Whether a handler is a stream's. */
export function isStreamRoute(handler: object): boolean {
  return Reflect.hasMetadata(STREAM_ROUTE, handler);
}

/** The options of a stream's handler. */
export function streamOptionsOf(handler: object): SseStreamOptions {
  return (Reflect.getMetadata(STREAM_ROUTE, handler) ?? {}) as SseStreamOptions;
}

/**
 * Moves the library's own guard and filter behind the handler's others, wherever `@SseStream()` stands among the
 * decorators: its guard must decide last, or a page would be served before a guard that refuses it; and Nest asks the
 * last filter first.
 */
export function putLast(handler: object, own: ReadonlySet<unknown>): void {
  for (const key of ENHANCER_KEYS) {
    const enhancers = (Reflect.getMetadata(key, handler) ?? []) as unknown[];
    const ordered = [...enhancers.filter((it) => !own.has(it)), ...enhancers.filter((it) => own.has(it))];
    Reflect.defineMetadata(key, ordered, handler);
  }
}
