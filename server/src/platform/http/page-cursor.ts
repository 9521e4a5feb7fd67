import { ProblemException } from './problem-exception.js';

/** Packs the sort key of a page's last entry into an opaque cursor. */
export function encodePageCursor(key: readonly string[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** Unpacks a cursor of `length` parts. Throws a 400 problem where it was not made by {@link encodePageCursor}. */
export function decodePageCursor(cursor: string, length = 2): string[] {
  let key: unknown;
  try {
    key = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    key = undefined;
  }
  if (
    Array.isArray(key) &&
    key.length === length &&
    key.every((part) => typeof part === 'string' && !part.includes('\0'))
  ) {
    return key as string[];
  }
  throw new ProblemException(400, 'invalid_cursor', 'This cursor was not given out here. Start again without one.', {
    errors: [{ path: 'cursor', code: 'invalid', message: 'Use the nextCursor of the page before, or none.' }],
  });
}
