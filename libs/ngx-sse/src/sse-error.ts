import { isDev } from './dev-mode';

/**
 * Why a connection is down.
 *
 * | code | meaning | ends the connection |
 * |---|---|---|
 * | `connection_lost` | the network or a proxy cut it | no |
 * | `no_first_byte` | nothing came in the time given for the first byte | no |
 * | `silent` | no heartbeat came in time: the socket is dead | no |
 * | `refused` | the server sent it away for now (`limit`, `overloaded`, `slow`, `revoked`, 429, 5xx) | no |
 * | `ticket_failed` | no ticket, or none of the caller's headers, could be had | no |
 * | `snapshot_failed` | `onGap` failed; it is called again after the next connection | no |
 * | `unsupported` | what is wanted is not there: the browser or `provideSse` lacks it | yes |
 * | `bad_request` | 400: the URL or its cursor is wrong | yes |
 * | `unauthorized` | 401: not signed in | yes |
 * | `forbidden` | 403 | yes |
 * | `not_found` | 404 or 410: there is no such stream for this user | yes |
 * | `superseded` | the server preferred another connection of this client | yes |
 * | `gap_unhandled` | history is missing and there is no `onGap` to fetch it | yes |
 * | `oversized` | a message is larger than `withFetchTransport` allows | yes |
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
  | 'oversized'
  | 'gave_up';

const PASSING: readonly SseErrorCode[] = [
  'connection_lost',
  'no_first_byte',
  'silent',
  'refused',
  'ticket_failed',
  'snapshot_failed',
];

/** For developers, and for those who say nothing of their own. */
const TEXTS: Readonly<Partial<Record<SseErrorCode, string>>> = isDev
  ? {
      connection_lost: 'The connection was lost.',
      no_first_byte: 'Nothing came from the server in time.',
      silent: 'The server has gone silent.',
      refused: 'The server cannot serve this stream at the moment.',
      ticket_failed: 'No ticket for this stream, or none of its headers, could be had.',
      snapshot_failed: 'The snapshot could not be read.',
      unsupported: 'This browser has no event streams.',
      bad_request: 'The server does not understand the address of this stream.',
      unauthorized: 'You are not signed in, or no longer.',
      forbidden: 'You may not read this stream.',
      not_found: 'There is no such stream.',
      superseded: 'Another connection has taken the place of this one.',
      gap_unhandled: 'Messages are missing, and there is no onGap to make up for them.',
      oversized: 'A message of the server is larger than allowed.',
      gave_up: 'Nothing new came for long, so asking has stopped. It can be resumed.',
    }
  : {};

/** Queries and fragments of URLs, in which tickets and tokens travel. */
const SECRETS = /(?<=\S)[?#][^\s"'<>]+/g;

/**
 * A connection's trouble. Neither it nor its `cause` carries the query of a URL, so that tickets and tokens stay out of logs:
 * of what an application's own function threw, the text without queries is kept, and the HTTP status.
 */
export class SseError extends Error {
  override readonly name = 'SseError';
  readonly code: SseErrorCode;
  /** HTTP status, where one was seen. */
  readonly status: number | undefined;

  /** Without a message, it is a sentence that tells what the code means; in production, `SSE <code> <status>`. */
  constructor(code: SseErrorCode, message?: string | false, options: { status?: number; cause?: unknown } = {}) {
    const { cause, status = statusOf(cause) } = options;
    super(
      withoutSecrets(message || TEXTS[code] || `SSE ${code} ${status ?? ''}`.trim()),
      cause === undefined ? undefined : { cause: withoutSecrets(textOf(cause)) },
    );
    this.code = code;
    this.status = status;
  }

  /** Whether the connection goes on trying by itself. */
  get isPassing(): boolean {
    return PASSING.includes(this.code);
  }
}

function withoutSecrets(text: string): string {
  return text.replace(SECRETS, '?…');
}

/** Errors of `HttpClient` have a message without being an `Error`. */
function textOf(cause: unknown): string {
  return String((cause as { readonly message?: unknown } | null)?.message ?? cause);
}

function statusOf(cause: unknown): number | undefined {
  const status = (cause as { readonly status?: unknown } | null | undefined)?.status;
  return typeof status === 'number' ? status : undefined;
}
