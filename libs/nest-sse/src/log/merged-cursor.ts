import { createHash } from 'node:crypto';
import { isCursor, MAX_CURSOR_LENGTH, type Cursor } from '@throughline/sse-protocol';

/** First character of each merged cursor. */
const MARK = 'm';
/** The cursor before everything: of no log is a place known. */
export const START: Cursor = MARK;
const KEY_LENGTH = 6;
const KEY = /^[A-Za-z0-9_-]{6}$/;
/** A length up to 92 is one character from here on; more is {@link LONG} and two. */
const FIRST_DIGIT = 0x21;
const BASE = 93;
const LONG = String.fromCharCode(FIRST_DIGIT + BASE);
/** Characters that a log's place takes besides its own cursor, where that is not longer than 92. */
const PLACE_OVERHEAD = KEY_LENGTH + 1;

/** Logs are merged whose cursors do not fit into one together. */
export class MergedCursorError extends RangeError {
  override readonly name = 'MergedCursorError';
  readonly code = 'merged_cursor_too_long';
}

/** How a log is named in cursors: 36 bits of its name, so that long names take no more room than short ones. */
export function keyOf(name: string): string {
  return createHash('sha256').update(name).digest('base64url').slice(0, KEY_LENGTH);
}

/** Throws {@link MergedCursorError} unless so many cursors of that length fit into one. */
export function assertFits(count: number, cursorLength: number): void {
  const overhead = PLACE_OVERHEAD + (cursorLength < BASE ? 0 : 2);
  const most = Math.floor((MAX_CURSOR_LENGTH - MARK.length) / (cursorLength + overhead));
  if (count <= most) return;
  throw new MergedCursorError(
    `${count} logs with cursors of up to ${cursorLength} characters do not fit into one cursor of ${MAX_CURSOR_LENGTH}: ` +
      `merge at most ${most}, or tell a smaller maxCursorLength if their cursors are shorter.`,
  );
}

/**
 * A log's part of a merged cursor: the length of its own cursor, that cursor as it is, and the log's key. The length
 * makes any printable character harmless in it; the key ends it, since HTTP cuts spaces from the end of a header.
 */
export function encodePlace(key: string, cursor: Cursor): string {
  return `${encodeLength(cursor.length)}${cursor}${key}`;
}

/** Joins the parts of a merged cursor. Throws {@link MergedCursorError}. */
export function joinPlaces(places: readonly string[]): Cursor {
  const cursor = MARK + places.join('');
  if (cursor.length <= MAX_CURSOR_LENGTH) return cursor;
  throw new MergedCursorError(
    `A merged cursor of ${cursor.length} characters is longer than ${MAX_CURSOR_LENGTH}: the cursors of the ` +
      `${places.length} logs are longer than maxCursorLength says.`,
  );
}

/** The cursors in a merged one by their logs' keys; `undefined` where it is malformed. */
export function splitPlaces(text: string): Map<string, Cursor> | undefined {
  if (!isCursor(text) || !text.startsWith(MARK)) return undefined;
  const places = new Map<string, Cursor>();
  for (let at = MARK.length; at < text.length;) {
    const isLong = text[at] === LONG;
    const start = at + (isLong ? 3 : 1);
    const length = isLong ? digitAt(text, at + 1) * BASE + digitAt(text, at + 2) : digitAt(text, at);
    const key = text.slice(start + length, start + length + KEY_LENGTH);
    // One length has one form, so that one place has one cursor.
    if (!(length >= (isLong ? BASE : 1)) || !KEY.test(key) || places.has(key)) return undefined;
    places.set(key, text.slice(start, start + length));
    at = start + length + KEY_LENGTH;
  }
  return places;
}

function encodeLength(length: number): string {
  if (length < BASE) return digit(length);
  return LONG + digit(Math.floor(length / BASE)) + digit(length % BASE);
}

function digit(value: number): string {
  return String.fromCharCode(FIRST_DIGIT + value);
}

/** NaN where there is no digit. */
function digitAt(text: string, index: number): number {
  const value = text.charCodeAt(index) - FIRST_DIGIT;
  return value >= 0 && value < BASE ? value : Number.NaN;
}
