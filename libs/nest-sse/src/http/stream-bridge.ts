import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Observable } from 'rxjs';
import { STREAM_HEADERS } from './sse-answer.js';

/** Headers that Nest sets on event streams and that say nothing which `Cache-Control: no-store` does not. */
const SUPERSEDED = new Set([
  'connection',
  'pragma',
  'expires',
  ...Object.keys(STREAM_HEADERS).map((it) => it.toLowerCase()),
]);

/**
 * What Nest's `@Sse()` subscribes to, so that it owns the response's headers, its end and the disconnect; the frames
 * themselves are written to the response directly. Nothing is emitted through Nest: its per-message path invents ids
 * for messages without one, encodes again for each connection and runs the app's interceptors, which may wrap a message
 * in an envelope. Nest commits the headers on the next macrotask after subscribing (a refusal of a pipe comes before
 * that); writing begins one turn later, when all that Nest writes by itself is out.
 *
 * @param begin called when the headers have left; gets what ends the response after all that was written
 * @param detach called when Nest no longer listens, also after the end
 */
export function bridge(
  response: ServerResponse,
  begin: (endResponse: () => void) => void,
  detach: () => void,
): Observable<never> {
  return new Observable((subscriber) => {
    closeAfterwards(response);
    onStreamHeaders(response, () => setImmediate(() => begin(() => subscriber.complete())));
    return detach;
  });
}

/** Without chunk framing the end of the stream is the end of the socket, and a client comes back on a new one. */
function closeAfterwards(response: ServerResponse): void {
  response.useChunkedEncodingByDefault = false;
  response.shouldKeepAlive = false;
}

/** Puts our headers in the place of Nest's and calls back when they are written; an error's headers pass untouched. */
function onStreamHeaders(response: ServerResponse, callback: () => void): void {
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse;
  response.writeHead = ((...args: unknown[]) => {
    response.writeHead = writeHead as ServerResponse['writeHead'];
    const [status, headers] = args;
    if (!isStreamHead(headers)) return writeHead(...args);
    const kept = Object.entries(headers).filter(([name]) => !SUPERSEDED.has(name.toLowerCase()));
    const result = writeHead(status, { ...Object.fromEntries(kept), ...STREAM_HEADERS });
    callback();
    return result;
  }) as ServerResponse['writeHead'];
}

function isStreamHead(headers: unknown): headers is OutgoingHttpHeaders {
  return (
    typeof headers === 'object' &&
    headers !== null &&
    (headers as OutgoingHttpHeaders)['Content-Type'] === STREAM_HEADERS['Content-Type']
  );
}
