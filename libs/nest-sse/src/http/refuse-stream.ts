import type { ExecutionContext } from '@nestjs/common';
import { encodeFrame, encodeRetry, type StreamCloseData } from '@throughline/sse-protocol';
import type { RefusalReason } from '../sse-metrics.js';
import { systemClock, timestampOf } from '../clock.js';
import { SseAnswer } from './sse-answer.js';
import { asksForStream } from './stream-request.js';

/**
 * For a guard of the app's own, such as a throttler, before it answers with a status: where the request is an
 * EventSource's for a stream, throws an answer that it survives (200, `retry:` and `stream.close`, since any other status
 * makes it give up for good). Elsewhere it returns, and the guard refuses in its own way.
 *
 * @param retryAfterMs when the client may come back, in whole milliseconds; jitter it
 */
export function refuseStream(context: ExecutionContext, reason: RefusalReason, retryAfterMs: number): void {
  if (!asksForStream(context)) return;
  const data: StreamCloseData = { timestamp: timestampOf(systemClock), reason, retryAfterMs };
  throw SseAnswer.refusal(Buffer.from(encodeRetry(retryAfterMs) + encodeFrame({ event: 'stream.close', data })));
}
