import { SseError } from '../sse-error';
import { errorOfClose } from '../transport/refusals';
import type { AttemptOutcome } from './stream-attempt';

/** What went wrong; `undefined` where the stream ended well. Trying again makes sense if it is passing. */
export function troubleOf(outcome: AttemptOutcome): SseError | undefined {
  switch (outcome.kind) {
    case 'complete':
      return undefined;
    case 'refused':
      return outcome.error;
    case 'closed':
      return outcome.reason === 'complete' ? undefined : errorOfClose(outcome.reason);
    case 'no_first_byte':
    case 'silent':
      return new SseError(outcome.kind);
    default:
      return new SseError('connection_lost');
  }
}

/** Whether the server had planned the end, so that it is no failure. */
export function isPlanned(outcome: AttemptOutcome): boolean {
  return outcome.kind === 'closed' && (outcome.reason === 'lifetime' || outcome.reason === 'drain');
}

/** Whether nothing came through, or nothing any more, so that streams may be blocked; `hadByte`: something of the body came. */
export function isBlind(outcome: AttemptOutcome, hadByte: boolean): boolean {
  if (outcome.kind === 'no_first_byte' || outcome.kind === 'silent') return true;
  // Without a ticket nothing was asked, so nothing is learned about whether streams get through.
  return (
    !hadByte && outcome.kind !== 'closed' && !(outcome.kind === 'refused' && outcome.error.code === 'ticket_failed')
  );
}
