import { SseError, type SseErrorCode } from '../sse-error';

const FINAL_STATUSES: Readonly<Record<number, readonly [SseErrorCode, string]>> = {
  400: ['bad_request', 'The server does not understand the address of this stream.'],
  401: ['unauthorized', 'You are not signed in, or no longer.'],
  403: ['forbidden', 'You may not read this stream.'],
  404: ['not_found', 'There is no such stream.'],
  410: ['not_found', 'This stream is gone.'],
};

/** What an HTTP status other than success means for a stream. */
export function errorOfStatus(status: number): SseError {
  const known = FINAL_STATUSES[status];
  if (known) return new SseError(known[0], known[1], { status });
  return new SseError('refused', `The server cannot serve this stream at the moment (status ${status}).`, { status });
}

/**
 * What it means that a caller's ticket, headers or body could not be had. Keeps the cause's status only: its text may hold a
 * URL or a secret.
 */
export function errorOfCredentials(cause: unknown, message: string): SseError {
  const status = typeof cause === 'object' && cause !== null && 'status' in cause ? cause.status : undefined;
  if (typeof status === 'number') {
    const error = errorOfStatus(status);
    if (!error.isPassing) return error;
  }
  return new SseError('ticket_failed', message);
}

/** `Retry-After` in milliseconds (RFC 9110, 10.2.3); only its form in seconds, since clocks differ. */
export function retryAfterOf(response: Response): number | undefined {
  const text = response.headers.get('retry-after');
  return text !== null && /^\d+$/.test(text) ? Number(text) * 1000 : undefined;
}

/** What it means that a connection broke, or is known to be dead. */
export function errorOfLoss(kind: 'lost' | 'no_first_byte' | 'silent'): SseError {
  if (kind === 'no_first_byte') return new SseError('no_first_byte', 'Nothing came from the server in time.');
  if (kind === 'silent') return new SseError('silent', 'The server has gone silent.');
  return new SseError('connection_lost', 'The connection was lost.');
}

/** What it means that the server ended a connection for a reason that is neither good news nor planned. */
export function errorOfClose(reason: string): SseError {
  if (reason === 'superseded') {
    return new SseError('superseded', 'Another connection has taken the place of this one.');
  }
  return new SseError('refused', `The server ended the connection (${reason || 'without a reason'}).`);
}
