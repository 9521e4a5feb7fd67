import { isCursor, MAX_PAGE_SIZE, type Cursor } from '@throughline/sse-protocol';
import type { ReadableLog } from '../log/readable-log.js';
import type { SseRequest } from '../sse-options.js';
import { InvalidCursorException, InvalidLimitException } from './problems.js';

/** Where a page begins and how long it may be. */
export interface PageQuery {
  after: Cursor | undefined;
  limit: number;
}

/**
 * The cursor that a stream is to continue from: `Last-Event-ID`, else `?lastEventId=`, since a re-created EventSource
 * cannot set headers while a browser's own reconnect updates only the header. Empty is the start. Throws
 * {@link InvalidCursorException}.
 */
export function readLastEventId(request: SseRequest): Cursor | undefined {
  const header = request.headers['last-event-id'];
  if (Array.isArray(header)) throw new InvalidCursorException(header.join());
  return checked(header || single(request, 'lastEventId', (text) => new InvalidCursorException(text)));
}

/** Reads `?after=CURSOR&limit=N`. Throws {@link InvalidCursorException} and {@link InvalidLimitException}. */
export function readPageQuery(request: SseRequest): PageQuery {
  const after = checked(single(request, 'after', (text) => new InvalidCursorException(text)));
  const limit = single(request, 'limit', (text) => new InvalidLimitException(text));
  if (limit === undefined) return { after, limit: MAX_PAGE_SIZE };
  if (!/^[1-9][0-9]{0,2}$/.test(limit) || Number(limit) > MAX_PAGE_SIZE) throw new InvalidLimitException(limit);
  return { after, limit: Number(limit) };
}

/** Throws {@link InvalidCursorException} where the cursor is not of this log's form. */
export function assertCursorOf(log: ReadableLog, cursor: Cursor | undefined): void {
  if (cursor !== undefined && !log.isCursor(cursor)) throw new InvalidCursorException(cursor);
}

/** `-1` is refused whatever the log: some clients send it to mean "everything" (trap 25). */
function checked(text: string | undefined): Cursor | undefined {
  if (text === undefined || text === '') return undefined;
  if (!isCursor(text) || text === '-1') throw new InvalidCursorException(text);
  return text;
}

function single(request: SseRequest, name: string, problem: (text: string) => Error): string | undefined {
  const url = request.originalUrl ?? request.url ?? '';
  const start = url.indexOf('?');
  const values = start < 0 ? [] : new URLSearchParams(url.slice(start)).getAll(name);
  if (values.length > 1) throw problem(values.join());
  return values[0];
}
