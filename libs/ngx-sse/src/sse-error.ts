/**
 * Why a connection is down.
 *
 * | code | meaning | ends the connection |
 * |---|---|---|
 * | `connection_lost` | the network or a proxy cut it | no |
 * | `no_first_byte` | nothing came in the time given for the first byte | no |
 * | `silent` | no heartbeat came in time: the socket is dead | no |
 * | `refused` | the server sent it away for now (`limit`, `overloaded`, `slow`, `revoked`, 429, 5xx) | no |
 * | `ticket_failed` | no ticket could be had | no |
 * | `snapshot_failed` | `onGap` failed; it is called again after the next connection | no |
 * | `unsupported` | there is no `EventSource` here, and no polling was allowed | yes |
 * | `bad_request` | 400: the URL or its cursor is wrong | yes |
 * | `unauthorized` | 401: not signed in | yes |
 * | `forbidden` | 403 | yes |
 * | `not_found` | 404 or 410: there is no such stream for this user | yes |
 * | `superseded` | the server preferred another connection of this client | yes |
 * | `gap_unhandled` | history is missing and there is no `onGap` to fetch it | yes |
 * | `gave_up` | polling brought nothing new for `giveUpAfterMs` | yes |
 */
export type SseErrorCode =
  | 'connection_lost'
  | 'no_first_byte'
  | 'silent'
  | 'refused'
  | 'ticket_failed'
  | 'snapshot_failed'
  | 'unsupported'
  | 'bad_request'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'superseded'
  | 'gap_unhandled'
  | 'gave_up';

const FINAL: readonly SseErrorCode[] = [
  'unsupported',
  'bad_request',
  'unauthorized',
  'forbidden',
  'not_found',
  'superseded',
  'gap_unhandled',
  'gave_up',
];

/** A connection's trouble. Never carries a URL, so that tickets and tokens stay out of logs. */
export class SseError extends Error {
  override readonly name = 'SseError';
  readonly code: SseErrorCode;
  /** HTTP status, where one was seen. */
  readonly status: number | undefined;

  constructor(code: SseErrorCode, message: string, options: { status?: number; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.status = options.status;
  }

  /** Whether the connection goes on trying by itself. */
  get isPassing(): boolean {
    return !FINAL.includes(this.code);
  }
}
