import { isDev } from '../dev-mode';
import { SseError, type SseErrorCode } from '../sse-error';

const FINAL_STATUSES: Readonly<Record<number, SseErrorCode>> = {
  400: 'bad_request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  410: 'not_found',
};

/** What an HTTP status other than success means for a stream. */
export function errorOfStatus(status: number): SseError {
  return new SseError(FINAL_STATUSES[status] ?? 'refused', false, { status });
}

/**
 * What it means that a caller's ticket, headers or body could not be had. Keeps the cause's status only: its text may hold a
 * URL or a secret.
 */
export function errorOfCredentials(cause: unknown): SseError {
  const status = (cause as { readonly status?: unknown } | null | undefined)?.status;
  const error = errorOfStatus(typeof status === 'number' ? status : 0);
  return error.isPassing ? new SseError('ticket_failed') : error;
}

/** `Retry-After` in milliseconds (RFC 9110, 10.2.3); only its form in seconds, since clocks differ. */
export function retryAfterOf(response: Response): number | undefined {
  const text = response.headers.get('retry-after');
  return text !== null && /^\d+$/.test(text) ? Number(text) * 1000 : undefined;
}

/** What it means that the server ended a connection for a reason that is neither good news nor planned. */
export function errorOfClose(reason: string): SseError {
  if (reason === 'superseded') return new SseError(reason);
  return new SseError('refused', isDev && `The server ended the connection (${reason || 'without a reason'}).`);
}
