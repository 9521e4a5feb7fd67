import type { Cursor, Gap } from '@throughline/sse-protocol';
import type { SseError } from '../sse-error';
import type { ReceivedMessage } from '../stream/received-message';
import type { StreamOwner, StreamPorts, StreamRequest, StreamStatus } from '../stream/session-ports';
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

/**
 * One stream for all who read the same URL. What came is kept as long as it is complete, so that who comes later reads it from
 * their own place and misses nothing.
 */
export class SharedStream implements StreamOwner {
  readonly #session: StreamSession;
  readonly #onClosed: () => void;
  readonly #readers = new Set<StreamReader>();
  /** Readers that have yet to get what is kept, and from which index. */
  readonly #late = new Map<StreamReader, number>();
  #kept: ReceivedMessage[] = [];
  /** Cursor before the first kept message; `undefined` once not everything is kept. */
  #keptFrom: Cursor | undefined;
  #status: StreamStatus | undefined;
  #isClosed = false;

  constructor(ports: StreamPorts, request: StreamRequest, onClosed: () => void) {
    this.#keptFrom = request.start;
    this.#onClosed = onClosed;
    this.#session = new StreamSession(ports, request, this);
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
    else this.#session.start();
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
    this.#session.close();
    this.#onClosed();
  }

  /** Passed on to the session: see there. */
  get session(): Pick<StreamSession, 'reconnect' | 'suspend' | 'resume' | 'networkMayBeBack' | 'networkMayBeLost'> {
    return this.#session;
  }

  deliver(message: ReceivedMessage): void {
    if (this.#isClosed) return;
    if (this.#keptFrom !== undefined) this.#keep(message);
    for (const reader of this.#readers) {
      if (!this.#late.has(reader)) reader.receive(message);
    }
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
    if (this.#keptFrom === undefined) return undefined;
    if (cursor === this.#keptFrom) return 0;
    const index = this.#kept.findLastIndex((message) => message.id === cursor);
    return index < 0 ? undefined : index + 1;
  }

  #keep(message: ReceivedMessage): void {
    if (this.#kept.length >= MOST_KEPT_MESSAGES) this.#forget();
    else this.#kept.push(message);
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
