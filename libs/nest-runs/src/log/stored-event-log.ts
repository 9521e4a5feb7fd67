import { parseSequence, START_CURSOR, type Cursor, type Gap, type Message } from '@throughline/sse-protocol';
import type { LogPage } from '@throughline/nest-sse';
import type { StoredPage } from '../store/run-event.store.js';

/** Whether `text` is a decimal sequence number, as the cursors of runs and feeds are. */
export function isSequenceCursor(text: string): boolean {
  return parseSequence(text) !== undefined;
}

/** The largest sequence number that the tables hold; what is beyond it is ahead of any tail. */
const MAX_SEQUENCE = 2 ** 31 - 1;

/** Reads a cursor for the tables. */
export function toSequence(cursor: Cursor | undefined): number {
  return Math.min(parseSequence(cursor ?? START_CURSOR) ?? 0, MAX_SEQUENCE);
}

/** Makes a log's page of what the table gave, with the gap where the cursor can't be continued from. */
export function toLogPage<E extends object>(
  cursor: Cursor | undefined,
  page: StoredPage,
  ended: boolean,
  snapshot: string,
): LogPage<E> {
  const from = parseSequence(cursor ?? START_CURSOR) ?? 0;
  const events = page.events as unknown as Message<E>[];
  const reason = from > page.lastSeq ? 'ahead' : from < page.trimmedSeq ? 'trimmed' : undefined;
  const start = reason === 'ahead' ? page.lastSeq : Math.max(from, page.trimmedSeq);
  const last = events.length > 0 ? Number(page.events.at(-1)?.id) : start;
  const gap: Gap | undefined = reason && { reason, from: cursor ?? START_CURSOR, to: String(start), snapshot };
  return { events, cursor: String(last), more: last < page.lastSeq, ended, ...(gap && { gap }) };
}
