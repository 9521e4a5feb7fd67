import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { EventPage } from '@throughline/sse-protocol';

/** Headers of everything that is streamed: no cache keeps it, no proxy holds it back or re-encodes it. */
export const STREAM_HEADERS = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
} as const;

/**
 * An answer that is complete before any stream opens and is no error. It is thrown, because a guard has no other way to
 * answer, and caught by {@link SseAnswerFilter} on the same method, so that the app's filters never see it.
 */
export class SseAnswer {
  private constructor(
    readonly status: number,
    readonly headers: OutgoingHttpHeaders,
    readonly body?: string | Buffer,
  ) {}

  /** The log has ended and the client has all of it: an EventSource stops at 204. */
  static nothingLeft(): SseAnswer {
    return new SseAnswer(204, { 'Cache-Control': 'no-store' });
  }

  /** One page of a log. */
  static page(page: EventPage): SseAnswer {
    return new SseAnswer(
      200,
      { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store', Vary: 'Accept' },
      Buffer.from(JSON.stringify(page)),
    );
  }

  /** A stream that only says why there is none; its socket is closed, so that the client comes back on a new one. */
  static refusal(body: Buffer): SseAnswer {
    return new SseAnswer(200, { ...STREAM_HEADERS, Connection: 'close' }, body);
  }
}

/** Writes an {@link SseAnswer}. */
@Catch(SseAnswer)
export class SseAnswerFilter implements ExceptionFilter<SseAnswer> {
  catch({ status, headers, body }: SseAnswer, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<ServerResponse>();
    if (response.headersSent || response.destroyed) return;
    const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) };
    response.writeHead(status, { ...headers, ...length });
    response.end(body);
  }
}
