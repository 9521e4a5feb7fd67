import { ProblemException } from './problem-exception.js';

/** Where a page of a list by time ends. */
export interface TimeKey {
  time: Date;
  id: string;
}

/** Times as `toISOString` writes them in four-digit years: what PostgreSQL and JavaScript write alike. */
const TIME = /^[1-9]\d{3}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** The largest number that a key holds: a PostgreSQL `integer`. */
const MAX_NUMBER = 2 ** 31 - 1;

function invalidCursor(): ProblemException {
  return new ProblemException(400, 'invalid_cursor', 'This cursor was not given out here. Start again without one.', {
    errors: [{ path: 'cursor', code: 'invalid', message: 'Use the nextCursor of the page before, or none.' }],
  });
}

function encode(key: readonly string[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

function decode(cursor: string, length: number): string[] {
  let key: unknown;
  try {
    key = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw invalidCursor();
  }
  const isKey = (part: unknown) => typeof part === 'string' && !part.includes('\0') && part.isWellFormed();
  if (Array.isArray(key) && key.length === length && key.every(isKey)) return key as string[];
  throw invalidCursor();
}

/** Packs the last entry of a page of a list by time into an opaque cursor. */
export function encodeTimeKey({ time, id }: TimeKey): string {
  return encode([time.toISOString(), id]);
}

/** Unpacks a cursor of {@link encodeTimeKey}. Throws a 400 problem where it is none. */
export function decodeTimeKey(cursor: string): TimeKey {
  const [text, id] = decode(cursor, 2) as [string, string];
  const time = new Date(text);
  if (!TIME.test(text) || Number.isNaN(time.getTime())) throw invalidCursor();
  return { time, id };
}

/** Packs the number with which a page of a list by number ends into an opaque cursor. */
export function encodeNumberKey(number: number): string {
  return encode([String(number)]);
}

/** Unpacks a cursor of {@link encodeNumberKey}. Throws a 400 problem where it is none. */
export function decodeNumberKey(cursor: string): number {
  const [text] = decode(cursor, 1) as [string];
  if (!/^(?:0|[1-9]\d{0,9})$/.test(text) || Number(text) > MAX_NUMBER) throw invalidCursor();
  return Number(text);
}
