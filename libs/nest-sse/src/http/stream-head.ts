import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { isHttp2 } from './raw-exchange.js';
import { STREAM_HEADERS } from './sse-answer.js';

/** Headers that Nest sets on event streams and that say nothing which `Cache-Control: no-store` does not. */
const SUPERSEDED = new Set([
  'connection',
  'pragma',
  'expires',
  ...Object.keys(STREAM_HEADERS).map((name) => name.toLowerCase()),
]);

/**
 * The head of one stream's response: puts our headers in the place of Nest's when Nest writes them, and tells when they
 * are out. Nest writes them itself, one macrotask after it has the handler's (or an interceptor's) Observable; another
 * answer, such as a problem, passes untouched.
 */
export class StreamHead {
  private callback: (() => void) | undefined;
  private isWritten = false;

  /** To be made before any interceptor runs, since one that works for long lets Nest write the headers before us. */
  constructor(response: ServerResponse) {
    const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse;
    response.writeHead = ((...args: unknown[]) => {
      response.writeHead = writeHead as ServerResponse['writeHead'];
      const [status, headers] = args;
      if (!isStreamHead(headers)) return writeHead(...args);
      const kept = Object.entries(headers).filter(([name]) => !SUPERSEDED.has(name.toLowerCase()));
      // Without chunk framing the end of the stream is the end of the socket, and a client comes back on a new one.
      if (!isHttp2(response)) {
        response.useChunkedEncodingByDefault = false;
        response.shouldKeepAlive = false;
      }
      const result = writeHead(status, { ...Object.fromEntries(kept), ...STREAM_HEADERS });
      this.isWritten = true;
      if (this.callback) setImmediate(this.callback);
      return result;
    }) as ServerResponse['writeHead'];
  }

  /** Whether Nest has written the head of a stream. */
  get isOut(): boolean {
    return this.isWritten;
  }

  /** Calls back one turn of the event loop after the headers, when all that Nest writes by itself is out. */
  whenOut(callback: () => void): void {
    if (this.isWritten) setImmediate(callback);
    else this.callback = callback;
  }
}

function isStreamHead(headers: unknown): headers is OutgoingHttpHeaders {
  return (
    typeof headers === 'object' &&
    headers !== null &&
    (headers as OutgoingHttpHeaders)['Content-Type'] === STREAM_HEADERS['Content-Type']
  );
}
