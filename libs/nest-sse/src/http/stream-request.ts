import type { ExecutionContext } from '@nestjs/common';
import type { SseRequest } from '../sse-options.js';
import { readAccept } from './accept.js';
import { isStreamRoute } from './stream-route.js';

/** Whether a handler is a stream's: one with `@SseStream()`. */
export function isSseRoute(handler: object): boolean {
  return isStreamRoute(handler);
}

/**
 * Whether a request asks a stream's route for the stream by name, as EventSource does: not for a JSON page, and not for
 * whatever comes.
 */
export function asksForStream(context: ExecutionContext): boolean {
  const { headers } = context.switchToHttp().getRequest<SseRequest>();
  return isStreamRoute(context.getHandler()) && readAccept(headers.accept).namesStream;
}
