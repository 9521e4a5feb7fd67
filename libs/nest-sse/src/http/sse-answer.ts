import type { OutgoingHttpHeaders } from 'node:http';
import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { EventPage } from '@throughline/sse-protocol';
import { isHttp2, isWrapped, rawResponseOf, retireSession } from './raw-exchange.js';
import { STREAM_HEADERS } from './stream-head.js';

/**
 * An answer that is complete before any stream opens and is no error. It is thrown, because a guard has no other way to
 * answer, and caught by {@link SseAnswerFilter} on the same method, so that the app's filters never see it.
 */
export class SseAnswer {
  private constructor(
    readonly status: number,
    readonly headers: OutgoingHttpHeaders,
    readonly body?: Buffer,
    /** The client is to come back on a new connection. */
    readonly isParting = false,
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

  /**
   * A stream that only says why there is none; its socket is closed, so that the client comes back on a new one.
   *
   * @param isServerLeaving also over HTTP/2, whose connection is closed only then, since it carries other streams
   */
  static refusal(body: Buffer, isServerLeaving = false): SseAnswer {
    return new SseAnswer(200, { ...STREAM_HEADERS, Connection: 'close' }, body, isServerLeaving);
  }
}

/** Writes an {@link SseAnswer}. */
@Catch(SseAnswer)
export class SseAnswerFilter implements ExceptionFilter<SseAnswer> {
  catch({ status, headers: { Connection, ...headers }, body, isParting }: SseAnswer, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<object>();
    const raw = rawResponseOf(response);
    if (raw.headersSent || raw.destroyed) return;
    const all: OutgoingHttpHeaders = {
      ...headers,
      ...(headers['Vary'] !== undefined && { Vary: mergeVary(raw.getHeader('Vary'), headers['Vary']) }),
      ...(Connection !== undefined && !isHttp2(raw) && { Connection }),
      ...(body && { 'Content-Length': body.length }),
    };
    if (isWrapped(response)) {
      // Its own way out, so that its hooks run and the headers that it keeps leave.
      response.code(status).headers(all).send(body);
    } else {
      raw.writeHead(status, all);
      raw.end(body);
    }
    if (isParting) raw.once('finish', () => retireSession(raw));
  }
}

/** What others have said that the answer varies by, CORS say, is still true. */
function mergeVary(...values: OutgoingHttpHeaders[string][]): string {
  const names = values.flatMap((value) => String(value ?? '').split(',')).map((name) => name.trim());
  return [...new Set(names.filter((name) => name !== ''))].join(', ');
}
