import { ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';

/** What frames are written to: a Writable, or a response of the HTTP/1 or HTTP/2 kind. */
export type StreamSink = Pick<
  Writable,
  'write' | 'writableNeedDrain' | 'writableLength' | 'once' | 'off' | 'destroyed' | 'writableEnded'
>;

/**
 * Where the frames of an open stream are to be written: an HTTP/1.1 response without chunk framing adds nothing to its
 * body, so frames go to the socket itself, which spares the cork and the tick that each `response.write()` costs; HTTP/2
 * goes to its stream, whose flow control the compat response does not show. A response whose `write` is somebody's own
 * (a compressing middleware's) is left to it.
 */
export function sinkOf(response: ServerResponse): StreamSink {
  const { stream } = response as { stream?: StreamSink & { respond?: unknown } };
  if (typeof stream?.respond === 'function') return stream;
  const { socket } = response;
  const isBare =
    response.write === ServerResponse.prototype.write &&
    response.headersSent &&
    !response.chunkedEncoding &&
    socket instanceof Socket &&
    // Nothing of the response's own waits: what was written lies in the socket, before what follows.
    response.writableLength === socket.writableLength;
  return isBare ? (socket as Socket) : response;
}
