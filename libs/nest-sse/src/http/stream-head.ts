import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { isHttp2, isWrapped } from './raw-exchange.js';

/** Headers of everything that is streamed: no cache keeps it, no proxy holds it back or re-encodes it. */
export const STREAM_HEADERS = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
} as const;

const OWN = new Set(Object.keys(STREAM_HEADERS).map((name) => name.toLowerCase()));

/**
 * Writes the head of a stream, with the headers that the app has put on the answer, and takes the response out of the
 * adapter's hands.
 */
export function writeStreamHead(reply: object, response: ServerResponse): void {
  const headers: OutgoingHttpHeaders = {};
  if (isWrapped(reply)) {
    for (const [name, value] of Object.entries(reply.getHeaders())) if (!OWN.has(name)) headers[name] = value;
    reply.hijack();
  }
  if (!isHttp2(response)) {
    // Without chunk framing the end of the stream is the end of the socket, and a client comes back on a new one.
    response.useChunkedEncodingByDefault = false;
    response.shouldKeepAlive = false;
    response.socket?.setNoDelay(true);
    // Heartbeats and the stall deadline tell who is gone; the server's own timeout knows only of requests.
    response.socket?.setTimeout(0);
  }
  // An EventSource takes no other status, and one that has no body would make a breach of HTTP of what follows.
  response.writeHead(200, { ...headers, ...STREAM_HEADERS });
  response.flushHeaders();
}
