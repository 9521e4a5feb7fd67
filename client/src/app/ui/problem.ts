import { HttpErrorResponse } from '@angular/common/http';
import { SseError } from '@throughline/ngx-sse';
import type { Problem } from '@throughline/strategy-contract';
import { whyStopped } from './why-stopped';

const OFFLINE: Problem = {
  type: 'about:blank',
  title: 'No connection',
  status: 0,
  code: 'unreachable',
  detail: 'The server can’t be reached. Check the connection and try again.',
};

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'detail' in value && 'code' in value;
}

/** What went wrong with a request, in the words of the server where it answered, or with a stream. */
export function toProblem(error: unknown): Problem {
  if (error instanceof SseError) {
    const { status = 0, code } = error;
    return { type: 'about:blank', title: 'The stream has stopped', status, code, detail: whyStopped(error) };
  }
  if (!(error instanceof HttpErrorResponse)) {
    return {
      type: 'about:blank',
      title: 'Unexpected error',
      status: 500,
      code: 'unexpected',
      detail: error instanceof Error ? error.message : 'Something unexpected happened. Try again.',
    };
  }
  if (error.status === 0) return OFFLINE;
  if (isProblem(error.error)) return error.error;
  return {
    type: 'about:blank',
    title: error.statusText,
    status: error.status,
    code: `http_${error.status}`,
    detail: `The server answered with ${error.status}. Try again in a moment.`,
  };
}
