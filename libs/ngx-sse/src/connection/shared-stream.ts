import type { Cursor, Gap } from '@throughline/sse-protocol';
import type { SseError } from '../sse-error';
import type { ReceivedMessage } from '../stream/received-message';
import type { Session, SessionOwner } from '../stream/session';
import type { StreamPorts, StreamRequest, StreamStatus } from '../stream/session-ports';
import { StreamSession } from '../stream/stream-session';

/** One of those who share a stream. */
export interface StreamReader {
  receive(message: ReceivedMessage): void;
  /** Fetches what stands for missing messages. */
  bridge(gap: Gap): Promise<void>;
  /** Everyone has; the stream goes on from the gap's end. Not called if the connection broke meanwhile. */
  bridged(gap: Gap): void;
  changed(status: StreamStatus): void;
  /** Last call. */
  ended(error: SseError | undefined): void;
}

const MOST_KEPT_MESSAGES = 5_000;
/** Dropped at once, because taking one off the front of so many for each that comes costs more than all else. */
const DROPPED_MESSAGES = 1_000;

/**
 * One stream for all who read the same URL. The last of what came is kept, so that who comes later reads on from their own
 * place and misses nothing.
 */
export class SharedStream implements SessionOwner {
  /** What keeps it going. */
  readonly session: Session;
  readonly #onClosed: () => void;
  readonly #readers = new Set<StreamReader>();
  /** Readers that have yet to get what is kept, and from which index. */
  readonly #late = new Map<StreamReader, number>();
  #kept: ReceivedMessage[] = [];
  /** Cursor before the first kept message; `undefined` if there is none that names this place. */
  #keptFrom: Cursor | undefined;
  #status: StreamStatus | undefined;
  #isClosed = false;

  constructor(ports: StreamPorts, request: StreamRequest, onClosed: () => void) {
    this.#keptFrom = request.start;
    this.#onClosed = onClosed;
    this.session = ports.config.openSession?.(ports, request, this) ?? new StreamSession(ports, request, this);
  }

  /** Adds a reader that goes on after `cursor`; returns whether everything after it is there to be had. */
  join(reader: StreamReader, cursor: Cursor): boolean {
    const index = this.#indexAfter(cursor);
    if (this.#isClosed || index === undefined) return false;
    this.#readers.add(reader);
    if (index < this.#kept.length) {
      this.#late.set(reader, index);
      // Later, so that everyone who subscribes in this turn gets it.
      queueMicrotask(() => this.#catchUp(reader));
    }
    if (this.#status) reader.changed(this.#status);
    else this.session.start();
    return true;
  }

  /** Removes a reader; the last one closes the stream. */
  leave(reader: StreamReader): void {
    this.#late.delete(reader);
    if (this.#readers.delete(reader) && this.#readers.size === 0) this.close();
  }

  /** Ends it without telling the readers. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#readers.clear();
    this.#late.clear();
    this.#kept = [];
    this.session.close();
    this.#onClosed();
  }

  deliver(message: ReceivedMessage): void {
    if (this.#isClosed) return;
    this.#keep(message);
    // Of those who were there before: who joins meanwhile gets what is kept, this message included.
    for (const reader of Array.from(this.#readers)) {
      if (this.#readers.has(reader) && !this.#late.has(reader)) reader.receive(message);
    }
  }

  recall(place: number | Cursor): readonly ReceivedMessage[] | undefined {
    const index = typeof place === 'number' ? this.#kept.length - place : this.#indexAfter(place);
    return index === undefined || index < 0 ? undefined : this.#kept.slice(index);
  }

  async bridge(gap: Gap): Promise<void> {
    // What is kept does not lead up to what follows, so nobody can join before the gap.
    this.#forget();
    await Promise.all([...this.#readers].map((reader) => reader.bridge(gap)));
  }

  bridged(gap: Gap): void {
    this.#keptFrom = gap.to;
    for (const reader of this.#readers) reader.bridged(gap);
  }

  changed(status: StreamStatus): void {
    this.#status = status;
    for (const reader of this.#readers) reader.changed(status);
  }

  ended(error: SseError | undefined): void {
    this.#catchUpAll();
    const readers = [...this.#readers];
    this.close();
    for (const reader of readers) reader.ended(error);
  }

  #indexAfter(cursor: Cursor): number | undefined {
    if (cursor === this.#keptFrom) return 0;
    const index = cursor === '' ? -1 : this.#kept.findLastIndex((message) => message.id === cursor);
    return index < 0 ? undefined : index + 1;
  }

  #keep(message: ReceivedMessage): void {
    if (this.#kept.length >= MOST_KEPT_MESSAGES) {
      this.#catchUpAll(); // they remember an index
      this.#keptFrom = this.#kept.splice(0, DROPPED_MESSAGES).at(-1)?.id || undefined;
    }
    this.#kept.push(message);
  }

  #forget(): void {
    this.#catchUpAll();
    this.#kept = [];
    this.#keptFrom = undefined;
  }

  #catchUpAll(): void {
    for (const reader of this.#late.keys()) this.#catchUp(reader);
  }

  #catchUp(reader: StreamReader): void {
    for (;;) {
      const index = this.#late.get(reader);
      if (index === undefined) return;
      const message = this.#kept[index];
      if (!message) break;
      this.#late.set(reader, index + 1);
      reader.receive(message);
    }
    this.#late.delete(reader);
  }
}
