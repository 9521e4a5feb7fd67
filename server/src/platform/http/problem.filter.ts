import { STATUS_CODES } from 'node:http';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ProblemException } from './problem-exception.js';

interface Answer {
  status: number;
  code: string;
  detail: string;
  headers: Readonly<Record<string, string>>;
  members: Readonly<Record<string, unknown>>;
}

const CODES: Record<number, string> = {
  400: 'bad_request',
  401: 'not_signed_in',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  406: 'not_acceptable',
  409: 'conflict',
  413: 'too_large',
  415: 'unsupported_media_type',
  422: 'unprocessable',
  429: 'too_many_requests',
  503: 'unavailable',
};

const plain = (status: number, code: string, detail: string): Answer => ({
  status,
  code,
  detail,
  headers: {},
  members: {},
});

/** What a body parser or router throws: an error that carries the status of its answer. */
interface StatusError {
  status: number;
  type?: string;
  message: string;
}

function isStatusError(error: unknown): error is StatusError {
  const status = (error as Partial<StatusError> | undefined)?.status;
  return typeof status === 'number' && status >= 400 && status < 500;
}

function fromParser(error: StatusError): Answer {
  if (error.type === 'entity.parse.failed') {
    return plain(400, 'malformed_json', `The body is not JSON: ${error.message}.`);
  }
  if (error.type === 'entity.too.large') return plain(413, 'too_large', 'A JSON body may have up to 1 MiB.');
  return plain(error.status, CODES[error.status] ?? 'bad_request', `${STATUS_CODES[error.status] ?? 'Bad request'}.`);
}

function fromHttpException(error: HttpException): Answer {
  const status = error.getStatus();
  const body = error.getResponse();
  const members = typeof body === 'object' ? (body as Record<string, unknown>) : {};
  if (error.cause instanceof Error && isStatusError(error.cause)) return fromParser(error.cause);
  // Nest turns a body parser's SyntaxError into a BadRequestException that keeps only its message.
  if (status === 400 && /JSON/.test(error.message) && typeof members['code'] !== 'string') {
    return plain(400, 'malformed_json', `The body is not JSON: ${error.message}.`);
  }
  const code = typeof members['code'] === 'string' ? members['code'] : (CODES[status] ?? 'error');
  const detail = typeof members['detail'] === 'string' ? members['detail'] : error.message;
  const { code: _code, detail: _detail, statusCode: _status, message: _message, error: _error, ...more } = members;
  return { status, code, detail, headers: {}, members: more };
}

/** Turns whatever was thrown into an answer; only what is not the client's doing counts as a fault of ours. */
function toAnswer(error: unknown): Answer | undefined {
  if (error instanceof ProblemException) {
    const { code, detail, headers, members } = error;
    return { status: error.getStatus(), code, detail, headers, members };
  }
  if (error instanceof HttpException) return fromHttpException(error);
  return isStatusError(error) ? fromParser(error) : undefined;
}

/** Renders every error as `application/problem+json` (RFC 9457). Never shows a stack or an internal message. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Problem');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const known = toAnswer(error);
    // A 503 is an answer that was decided on; only what nobody foresaw is a fault with a stack.
    if (known === undefined || known.status === 500) {
      this.logger.error({ err: error, method: request.method, path: request.path }, 'A request failed');
    }
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const answer =
      known ??
      plain(
        500,
        'internal_error',
        'The server failed to answer. Try again; if it lasts, tell the operator the request id.',
      );
    response
      .status(answer.status)
      .set({ ...answer.headers, 'Cache-Control': 'no-store' })
      .type('application/problem+json')
      .send(
        JSON.stringify({
          ...answer.members,
          type: `urn:throughline:problem:${answer.code}`,
          title: STATUS_CODES[answer.status] ?? 'Error',
          status: answer.status,
          detail: answer.detail,
          code: answer.code,
        }),
      );
  }
}
