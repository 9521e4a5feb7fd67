import type { SseError, SseErrorCode } from '@throughline/ngx-sse';

/** Sentences for a person, of the codes that end a connection; production errors carry no text of their own. */
const REASONS: Readonly<Partial<Record<SseErrorCode, string>>> = {
  unsupported: 'This browser cannot read streams.',
  bad_request: 'The server did not understand where to go on.',
  unauthorized: 'You are not signed in any more.',
  forbidden: 'You may not see this any more.',
  not_found: 'It is not there any more.',
  superseded: 'Another page of yours has taken its place.',
  gap_unhandled: 'The server no longer has all of what this page missed.',
  oversized: 'A message was too large to read.',
  gave_up: 'Nothing new had come for a long time.',
};

/** Why a connection has ended that will not be made again by itself. */
export function whyStopped({ code }: SseError): string {
  return REASONS[code] ?? 'The connection was lost for good.';
}
