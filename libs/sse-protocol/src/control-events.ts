import type { Cursor } from './cursor.js';
import { assertEventName, FrameError } from './frame.js';
import type { MessageData } from './message.js';

/** Why a cursor cannot be continued from. */
export type GapReason = 'trimmed' | 'epoch' | 'ahead';

/** What is missing between the client's cursor and the place from which the stream goes on. */
export interface Gap {
  reason: GapReason;
  /** The cursor that the client named. */
  from: Cursor;
  /** The cursor to go on from, once the snapshot was read. */
  to: Cursor;
  /** URL of the snapshot that stands for what is missing. */
  snapshot: string;
}

/** Why the server ends a connection. */
export const CLOSE_REASONS = [
  'complete',
  'lifetime',
  'drain',
  'revoked',
  'superseded',
  'limit',
  'overloaded',
  'slow',
] as const;
/** One of {@link CLOSE_REASONS}. */
export type CloseReason = (typeof CLOSE_REASONS)[number];

/** First frame of each stream that is served. */
export interface StreamOpenData extends MessageData {
  connectionId: string;
  /** The cursor from which the stream goes on; empty at the start. */
  resumedFrom: Cursor;
  heartbeatIntervalMs: number;
  maxLifetimeMs: number;
}

/** Sent after silence, as a named event because EventSource hides comments. */
export interface StreamHeartbeatData extends MessageData {
  /** RFC 3339, UTC. */
  serverTime: string;
}

/** The client's cursor cannot be continued from: fetch the snapshot, then go on from `to`. */
export interface StreamGapData extends MessageData, Gap {}

/** The server ends the connection. */
export interface StreamCloseData extends MessageData {
  reason: CloseReason;
  /** Milliseconds to wait before the next connection; always with `drain`, `lifetime`, `limit` and `overloaded`. */
  retryAfterMs?: number;
}

/** Events of the transport itself: not stored, without an id, never moving the cursor. */
export interface ControlEvents {
  'stream.open': StreamOpenData;
  'stream.heartbeat': StreamHeartbeatData;
  'stream.gap': StreamGapData;
  'stream.close': StreamCloseData;
}

/** Whether an event is the transport's own. */
export function isControlEvent(event: string): event is keyof ControlEvents {
  return event.startsWith('stream.');
}

/** Refuses what can be no name of an application's event, and the names of the transport's own. Throws {@link FrameError}. */
export function assertMessageName(event: unknown): asserts event is string {
  assertEventName(event);
  if (!isControlEvent(event)) return;
  throw new FrameError(
    'reserved_event_name',
    `"${event}" is the transport's own: event names do not begin with "stream.".`,
  );
}
