import { isCursor, type Cursor } from './cursor.js';

/** What one frame is made of; `data` is sent as one line of JSON. */
export interface Frame {
  event: string;
  /** Absent on control events: EventSource then keeps the last id. */
  id?: Cursor;
  data: unknown;
}

/** A name, an id or data that cannot be sent. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
  readonly code: 'invalid_event_name' | 'reserved_event_name' | 'invalid_event_id' | 'invalid_retry' | 'invalid_data';

  constructor(code: FrameError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

const EVENT_NAME = /^[\x21-\x39\x3b-\x7e]{1,128}$/;

/**
 * Refuses what can be no event's name: it stands in a line of its own, and is matched as text. Throws {@link FrameError}.
 */
export function assertEventName(event: unknown): asserts event is string {
  // A caller without types may leave the name out, and a pattern would take `undefined` for a word.
  if (typeof event === 'string' && EVENT_NAME.test(event)) return;
  throw new FrameError(
    'invalid_event_name',
    `An event name is 1 to 128 visible ASCII characters without a colon or line break, not ${JSON.stringify(event)}.`,
  );
}

/** The data of an event as one line of JSON. Throws {@link FrameError} for what JSON cannot say. */
export function encodeData(event: string, data: unknown): string {
  const json = toJson(event, data);
  if (json === undefined) {
    throw new FrameError('invalid_data', `The data of "${event}" is not JSON: send null instead of undefined.`);
  }
  return json;
}

/** Encodes a message as an event-stream frame (WHATWG HTML, "Interpreting an event stream"). Throws {@link FrameError}. */
export function encodeFrame({ event, id, data }: Frame): string {
  assertEventName(event);
  if (id !== undefined && !isCursor(id)) {
    throw new FrameError(
      'invalid_event_id',
      `An event id is 1 to 256 printable ASCII characters without CR, LF or NUL, not ${JSON.stringify(id)}.`,
    );
  }
  const idLine = id === undefined ? '' : `id: ${id}\n`;
  return `event: ${event}\n${idLine}data: ${encodeData(event, data)}\n\n`;
}

/** Encodes a `retry:` field, which sets EventSource's reconnection time in milliseconds. Throws {@link FrameError}. */
export function encodeRetry(retryMs: number): string {
  if (!Number.isSafeInteger(retryMs) || retryMs < 0) {
    throw new FrameError('invalid_retry', `A retry time is a whole number of milliseconds from 0, not ${retryMs}.`);
  }
  return `retry: ${retryMs}\n\n`;
}

function toJson(event: string, data: unknown): string | undefined {
  try {
    return JSON.stringify(data) as string | undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FrameError('invalid_data', `The data of "${event}" is not JSON: ${reason}`);
  }
}
