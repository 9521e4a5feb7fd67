import type { Cursor, EventMap, Gap, Message } from '@throughline/sse-protocol';
import type { Observable } from 'rxjs';
import type { EventLog, LogTail } from './event-log.js';

/** A page of any log: as {@link LogPage}, whatever its events. */
export interface ReadablePage<E extends EventMap = Record<string, unknown>> {
  readonly events: readonly Message<E>[];
  readonly cursor: Cursor;
  readonly more: boolean;
  readonly ended: boolean;
  readonly gap?: Gap;
}

/**
 * The side of an {@link EventLog} that a stream needs. Every `EventLog` is one, whatever its events; the compiler holds
 * logs of different events for unrelated, because one can append to them.
 */
export interface ReadableLog<E extends EventMap = Record<string, unknown>> extends Pick<
  EventLog,
  'isCursor' | 'status'
> {
  readAfter(cursor: Cursor | undefined, limit: number): Promise<ReadablePage<E>>;
  tail(): Promise<LogTail>;
  readonly changes: Observable<Cursor>;
}
