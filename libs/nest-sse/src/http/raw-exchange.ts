import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { SseRequest } from '../sse-options.js';

/** What of a wrapped answer the library uses: Fastify's Reply, structurally, so that nothing depends on Fastify. */
export interface WrappedResponse {
  readonly raw: ServerResponse;
  code(status: number): this;
  headers(values: object): this;
  send(body?: unknown): unknown;
  getHeaders(): OutgoingHttpHeaders;
  /** Leaves the answer to whoever calls it. */
  hijack(): unknown;
}

/** HTTP/2's part of a compat response: absent on HTTP/1.1. */
interface Http2Part {
  readonly stream?: { readonly session?: { close(): void } };
}

/** Whether an adapter has wrapped Node's response, as Fastify does and Express does not. */
export function isWrapped(response: object): response is WrappedResponse {
  return typeof (response as Partial<WrappedResponse>).raw?.writeHead === 'function';
}

/** Node's own response, of HTTP/1.1 or of HTTP/2's compatibility layer. */
export function rawResponseOf(response: object): ServerResponse {
  return isWrapped(response) ? response.raw : (response as ServerResponse);
}

/** Whether the exchange is one stream of an HTTP/2 session, where there is neither a `Connection` header nor chunk framing. */
export function isHttp2({ req }: ServerResponse): boolean {
  return (req as { httpVersionMajor?: number } | undefined)?.httpVersionMajor === 2;
}

/** Whether nobody is there to be answered any more, and no close of the response is to come. */
export function isGone(request: SseRequest, response: ServerResponse): boolean {
  // HTTP/2's response has none of the first two; its socket is a view of the stream.
  return response.destroyed === true || response.closed === true || request.socket?.destroyed !== false;
}

/** Tells an HTTP/2 client that this session takes no new streams, so that it comes back on another; open ones go on. */
export function retireSession(response: ServerResponse): void {
  (response as Http2Part).stream?.session?.close();
}
