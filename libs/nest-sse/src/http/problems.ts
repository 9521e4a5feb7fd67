import { BadRequestException, HttpException, HttpStatus, NotAcceptableException } from '@nestjs/common';
import { MAX_PAGE_SIZE } from '@throughline/sse-protocol';
import type { RefusalReason } from '../sse-metrics.js';

/** Longest part of a client's text that is quoted back to it. */
const MAX_QUOTE = 64;

/** The client names a cursor that is none: 400, `code: 'invalid_cursor'`. */
export class InvalidCursorException extends BadRequestException {
  constructor(text: string) {
    super(problem(400, 'invalid_cursor', `${quote(text)} is not a cursor of this stream.`));
  }
}

/** The client names a page size that is none: 400, `code: 'invalid_limit'`. */
export class InvalidLimitException extends BadRequestException {
  constructor(text: string) {
    const detail = `limit is a whole number from 1 to ${MAX_PAGE_SIZE}, not ${quote(text)}.`;
    super(problem(400, 'invalid_limit', detail));
  }
}

/** JSON is asked of a stream that has no log to take pages from: 406, `code: 'not_acceptable'`. */
export class NoPageException extends NotAcceptableException {
  constructor() {
    super(problem(406, 'not_acceptable', 'This stream is served as text/event-stream only.'));
  }
}

/**
 * A stream is refused and the client can be told so by a status: 429 `connection_limit`, 503 `overloaded` or
 * `shutting_down`. The guard sets `Retry-After`; `retryAfterMs` is in the body.
 */
export class StreamRefusedException extends HttpException {
  constructor(
    readonly reason: RefusalReason,
    readonly retryAfterMs: number,
  ) {
    const { status, code, detail } = REFUSALS[reason];
    super({ ...problem(status, code, detail), retryAfterMs }, status);
  }
}

const REFUSALS: Record<RefusalReason, { status: HttpStatus; code: string; detail: string }> = {
  limit: { status: 429, code: 'connection_limit', detail: 'Too many streams are open. Close one, or try again later.' },
  overloaded: {
    status: 503,
    code: 'overloaded',
    detail: 'The server has no room for another stream. Try again later.',
  },
  drain: { status: 503, code: 'shutting_down', detail: 'The server is shutting down. Try again shortly.' },
};

function problem(statusCode: number, code: string, message: string): Record<string, unknown> {
  return { statusCode, code, message };
}

function quote(text: string): string {
  return JSON.stringify(text.length > MAX_QUOTE ? `${text.slice(0, MAX_QUOTE)}…` : text);
}
