import { SseError } from '../sse-error';
import { errorOfClose } from '../transport/refusals';
import type { AttemptOutcome } from './stream-attempt';

/** What follows from the end of an attempt. */
export type Verdict =
  | { readonly next: 'end'; readonly error: SseError | undefined }
  /** Ask why; the transport could not see it. */
  | { readonly next: 'explain' }
  /** The server had planned it: come back soon, it is no failure. */
  | { readonly next: 'return'; readonly retryAfterMs: number | undefined }
  /** `isBlind`: nothing came through, or nothing any more, so that streams may be blocked. */
  | {
      readonly next: 'retry';
      readonly error: SseError;
      readonly isBlind: boolean;
      readonly retryAfterMs?: number | undefined;
    };

/** Decides what follows; `hadByte`: something of the body came. */
export function judge(outcome: AttemptOutcome, hadByte: boolean): Verdict {
  switch (outcome.kind) {
    case 'complete':
      return { next: 'end', error: undefined };
    case 'unexplained':
      return { next: 'explain' };
    case 'closed':
      return judgeClose(outcome.reason, outcome.retryAfterMs);
    case 'refused': {
      const { error, retryAfterMs } = outcome;
      if (!error.isPassing) return { next: 'end', error };
      // Without a ticket nothing was asked, so nothing is learned about whether streams get through.
      return { next: 'retry', error, isBlind: !hadByte && error.code !== 'ticket_failed', retryAfterMs };
    }
    default:
      return {
        next: 'retry',
        error: new SseError(outcome.kind === 'lost' ? 'connection_lost' : outcome.kind),
        isBlind: outcome.kind !== 'lost' || !hadByte,
      };
  }
}

function judgeClose(reason: string, retryAfterMs: number | undefined): Verdict {
  if (reason === 'complete') return { next: 'end', error: undefined };
  if (reason === 'lifetime' || reason === 'drain') return { next: 'return', retryAfterMs };
  const error = errorOfClose(reason);
  return error.isPassing ? { next: 'retry', error, isBlind: false, retryAfterMs } : { next: 'end', error };
}
