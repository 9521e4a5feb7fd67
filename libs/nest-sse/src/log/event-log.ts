import type { Cursor, EventMap, Gap, Message, NewMessage } from '@throughline/sse-protocol';
import type { Observable } from 'rxjs';

/** Where a log ends now. */
export interface LogTail {
  /** The cursor after the newest message; of an empty log, the cursor before its first. */
  cursor: Cursor;
  /** Nothing will be appended any more (unless the work behind the log is retried). */
  ended: boolean;
}

/** A part of a log, in order and without holes. */
export interface LogPage<E extends EventMap = Record<string, unknown>> {
  events: Message<E>[];
  /** The cursor to read after next: the last event's id, or where nothing follows, the place that was asked for. */
  cursor: Cursor;
  /** Whether there is more now. */
  more: boolean;
  /** As {@link LogTail.ended}: with `more: false`, the log was read to its end. */
  ended: boolean;
  /** Set where the cursor can't be continued from; `events` are then those after `gap.to`. */
  gap?: Gap;
}

/**
 * An ordered, append-only log of messages: the truth behind a stream. Connections are views of it, so a slow or a lost
 * connection costs the log nothing. Every implementation passes `registerEventLogTests` of `@throughline/nest-sse/testing`.
 */
export interface EventLog<E extends EventMap = Record<string, unknown>> {
  /**
   * Appends messages as one contiguous batch and answers with the cursor of the last (of the tail, if there are none).
   * Concurrent batches are never interleaved.
   */
  append(events: readonly NewMessage<E>[]): Promise<Cursor>;

  /**
   * Reads at most `limit` messages after `cursor`, or from the start where it is `undefined`. A cursor that passes
   * {@link isCursor} never rejects: what cannot be continued from (trimmed, of another epoch, ahead of the tail) is a
   * `gap`. A start that was trimmed is a gap too, since what is left is not the whole.
   */
  readAfter(cursor: Cursor | undefined, limit: number): Promise<LogPage<E>>;

  /** Where the log ends now. */
  tail(): Promise<LogTail>;

  /** Whether `text` has the form of this log's cursors; a client that names another gets 400. */
  isCursor(text: string): boolean;

  /**
   * Hints that there is something to read after the named cursor, or that the log has ended. Never the truth: hints may
   * be joined, late or doubled. A reader subscribes first, then reads until dry, then reads again at each hint.
   */
  readonly changes: Observable<Cursor>;

  /** The state of the work behind the log, as it stands in JSON pages (`status`); absent where there is none. */
  status?(): Promise<string | undefined>;
}
