import {
  assertMessageName,
  encodeFrame,
  encodeRetry,
  type ControlEvents,
  type Cursor,
  type MessageData,
} from '@throughline/sse-protocol';
import { timestampOf, type SseClock } from '../clock.js';

/** What can be sent: a message of a log, or one without a place in any. */
export interface OutgoingMessage {
  readonly event: string;
  readonly id?: Cursor;
  readonly data: unknown;
}

/** One encoded message; the bytes are shared by all connections, so they are never written to. */
export interface EncodedFrame {
  readonly event: string;
  readonly bytes: Buffer;
  readonly size: number;
}

/** A message of a log as it is sent; bytes are made of several at once. */
export interface LogFrame {
  readonly event: string;
  /** The place after it. */
  readonly id: Cursor;
  readonly text: string;
  /** Its bytes. */
  readonly size: number;
  /** When the message says it was made: RFC 3339, where it says so at all. */
  readonly timestamp: unknown;
}

/** A frame that was made of an object, and for whom. */
interface SharedFrame {
  readonly frame: EncodedFrame;
  readonly takers: WeakSet<object>;
}

/**
 * Makes bytes of messages. Those of a log are encoded by whoever reads the log, once for all its connections; one of an
 * Observable once for all whom it reaches in the same turn, by its identity.
 */
export class FrameEncoder {
  private frames = new WeakMap<OutgoingMessage, SharedFrame>();
  private isTurnNoted = false;

  constructor(private readonly clock: SseClock) {}

  /** Encodes a message of a log. Throws `FrameError` for names and ids that would break the framing. */
  encode(message: OutgoingMessage & { readonly id: Cursor }): LogFrame {
    const { event, id, data } = message;
    assertMessageName(event);
    const text = encodeFrame(message);
    const { timestamp } = (data ?? {}) as { timestamp?: unknown };
    return { event, id, text, size: Buffer.byteLength(text), timestamp };
  }

  /**
   * Encodes a message that no log has stamped: data that is an object gets its `timestamp` here. Throws `FrameError`.
   *
   * @param taker whose message it is, where it may go to others too: who gets the same object again gets it as it is then
   */
  encodeStamped(message: OutgoingMessage, taker?: object): EncodedFrame {
    if (!taker) return this.stamp(message);
    let shared = this.frames.get(message);
    if (!shared || shared.takers.has(taker)) {
      shared = { frame: this.stamp(message), takers: new WeakSet() };
      this.frames.set(message, shared);
      this.noteTurn();
    }
    shared.takers.add(taker);
    return shared.frame;
  }

  /** Encodes an event of the transport: with a timestamp and without an id, so it never moves the client's cursor. */
  control<K extends keyof ControlEvents>(event: K, data: Omit<ControlEvents[K], keyof MessageData>): EncodedFrame {
    return encoded({ event, data: { timestamp: timestampOf(this.clock), ...data } });
  }

  /**
   * Encodes a place alone: a block without data dispatches no event, but sets the last event id that an EventSource names
   * when it comes back (WHATWG HTML, "Dispatch the event": the id is set before an empty data buffer returns).
   */
  place(cursor: Cursor): Buffer {
    return Buffer.from(`id: ${cursor}\n\n`);
  }

  /** Encodes EventSource's reconnection time. */
  retry(retryMs: number): Buffer {
    return Buffer.from(encodeRetry(retryMs));
  }

  private stamp({ event, id, data }: OutgoingMessage): EncodedFrame {
    assertMessageName(event);
    const stamped = withTimestamp(data, this.clock);
    // Code without types says `null` for none.
    return encoded(id === undefined || id === null ? { event, data: stamped } : { event, id, data: stamped });
  }

  /** What is emitted in another turn may have been changed since. */
  private noteTurn(): void {
    if (this.isTurnNoted) return;
    this.isTurnNoted = true;
    setImmediate(() => {
      this.isTurnNoted = false;
      this.frames = new WeakMap();
    });
  }
}

/** `data` with a `timestamp`, where it is a plain object without one. */
export function withTimestamp<T>(data: T, clock: SseClock): T {
  if (typeof data !== 'object' || data === null || 'timestamp' in data) return data;
  const prototype: unknown = Object.getPrototypeOf(data);
  if (prototype !== Object.prototype && prototype !== null) return data;
  return { timestamp: timestampOf(clock), ...data };
}

function encoded(message: OutgoingMessage): EncodedFrame {
  const bytes = Buffer.from(encodeFrame(message));
  return { event: message.event, bytes, size: bytes.length };
}
