import type { SseStreamOptions } from './sse-stream-options.js';
import { openedLog } from './stream-params.js';

/** Nest's keys for what a handler takes; it exports no constants for them. A spec holds them to what Nest does. */
const ROUTE_ARGUMENTS = '__routeArguments__';
const RESPONSE_PASSTHROUGH = '__responsePassthrough__';

/** What Nest's keys of parameters begin with: the kind of `@Res()`, and that of `@Next()`. */
const ANSWERING: readonly (readonly [kind: string, decorator: string])[] = [
  ['1:', '@Res()'],
  ['2:', '@Next()'],
];

/**
 * Throws `TypeError` with what to do about it where a handler takes what it cannot have: the answer, which is the
 * stream's, or the log of a source that there is not.
 */
export function assertHandlerFits(target: object, key: string, { source }: SseStreamOptions): void {
  const { constructor } = target;
  const parameters = (Reflect.getMetadata(ROUTE_ARGUMENTS, constructor, key) ?? {}) as Record<
    string,
    { factory?: unknown }
  >;
  const place = `${constructor.name}.${key}`;
  const taken = Object.keys(parameters);
  const answering = ANSWERING.find(([kind]) => taken.some((name) => name.startsWith(kind)));
  if (answering && Reflect.getMetadata(RESPONSE_PASSTHROUGH, constructor, key) !== true) {
    throw new TypeError(
      `${place} takes ${answering[1]}, by which Nest leaves the answer to the handler, but the answer is the stream's: ` +
        'take it out, or say @Res({ passthrough: true }) to set headers.',
    );
  }
  if (!source && Object.values(parameters).some(({ factory }) => factory === openedLog)) {
    throw new TypeError(
      `${place} takes @SseLog(). The route has no \`source\`: name the provider that opens the log, ` +
        '@SseStream(path, { source }).',
    );
  }
}
