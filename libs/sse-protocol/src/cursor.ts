/**
 * The position after a message in a stream: opaque ASCII, 1 to 256 characters, without CR, LF or NUL
 * (WHATWG HTML, "Server-sent events": an `id` field with NUL is ignored, CR and LF end the field).
 */
export type Cursor = string;

/** The longest cursor, in characters. */
export const MAX_CURSOR_LENGTH = 256;

const CURSOR = /^[\x20-\x7e]{1,256}$/;

/** Whether `text` can stand in an `id:` field and come back in a `Last-Event-ID` header unchanged. */
export function isCursor(text: unknown): text is Cursor {
  return typeof text === 'string' && CURSOR.test(text);
}

const SEQUENCE = /^(?:0|[1-9][0-9]{0,255})$/;

/** The cursor before a run's first message. */
export const START_CURSOR: Cursor = '0';

/**
 * Reads a run's cursor (`0|[1-9][0-9]*`); `undefined` where it is malformed. What is beyond 2^53 − 1 reads as that: no
 * log is so long, so both are ahead of its tail.
 */
export function parseSequence(cursor: Cursor): number | undefined {
  return SEQUENCE.test(cursor) ? Math.min(Number(cursor), Number.MAX_SAFE_INTEGER) : undefined;
}
