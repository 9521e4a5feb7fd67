import type { RunStatus } from '@throughline/sse-protocol';
import type { StoredMessage } from './run-event.store.js';

/** Makes a run's message ready to be stored. Throws a `TypeError` where the data is not JSON. */
export function encodeMessage(runId: string, event: string, data: object, now: Date): StoredMessage {
  return { event, data: JSON.stringify({ ...data, runId, timestamp: now.toISOString() }) };
}

/** The message of a change of a run's state. */
export function encodeStatus(runId: string, status: RunStatus, attempt: number, now: Date): StoredMessage {
  return encodeMessage(runId, 'status', { status, attempt }, now);
}
