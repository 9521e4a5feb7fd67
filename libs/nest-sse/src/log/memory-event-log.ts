import { randomBytes } from 'node:crypto';
import {
  assertMessageName,
  encodeData,
  type Cursor,
  type EventMap,
  type Gap,
  type GapReason,
  type Message,
  type NewMessage,
} from '@throughline/sse-protocol';
import { Subject, type Observable } from 'rxjs';
import { systemClock, type SseClock } from '../clock.js';
import type { EventLog, LogPage, LogTail } from './event-log.js';
import { MessageWindow } from './message-window.js';

/** Options of a {@link MemoryEventLog}. What is beyond a bound is trimmed, oldest first, and becomes a gap. */
export interface MemoryEventLogOptions {
  /** Most messages that are kept. Default 1000. */
  maxMessages?: number;
  /**
   * Most bytes that are kept: of each message its name and its data as JSON, in UTF-8. The newest message is kept even if
   * it alone is more. In memory a message is an object, which takes a small multiple of that. Default 4 MiB.
   */
  maxBytes?: number;
  /**
   * How long a message is kept, the newest too. The log has no timer: what is older is never read again, and its memory
   * is given back with the next append, read or {@link MemoryEventLog.size}. Default `Infinity`.
   */
  maxAgeMs?: number;
  /** Tells the age. Default: the machine's. */
  clock?: SseClock;
  /**
   * Names this life of the log in its cursors (1 to 32 letters and digits), so that a cursor from before a restart is
   * not taken for one of now. Default: six random ones.
   */
  epoch?: string;
  /** URL of the snapshot that stands for what was trimmed, told in gaps. Default: empty, there is none. */
  snapshotUrl?: string;
}

/** What a {@link MemoryEventLog} keeps now. */
export interface MemoryEventLogSize {
  messages: number;
  /** As {@link MemoryEventLogOptions.maxBytes} counts them. */
  bytes: number;
}

/** Something was appended to a log that has ended. */
export class EventLogEndedError extends Error {
  override readonly name = 'EventLogEndedError';
  readonly code = 'event_log_ended';

  constructor() {
    super('This log has ended: call reopen() before appending to it again.');
  }
}

const CURSOR = /^([A-Za-z0-9]{1,32})-(0|[1-9][0-9]{0,15})$/;

/**
 * An {@link EventLog} in memory, bounded by count, bytes and age. It keeps data as JSON has it when it is appended: what
 * becomes of the caller's object later changes nothing, and a `Date` is read back as text. Cursors are `<epoch>-<offset>`; the first message has
 * offset 1. It lives as long as the process: a cursor of an earlier process gets an `epoch` gap. Its hints come once for
 * all that is appended in one go, a microtask later.
 */
export class MemoryEventLog<E extends EventMap = Record<string, unknown>> implements EventLog<E> {
  readonly changes: Observable<Cursor>;

  private readonly hints = new Subject<Cursor>();
  private readonly window: MessageWindow<Message<E>>;
  private readonly isAged: boolean;
  private readonly clock: SseClock;
  private readonly epoch: string;
  private readonly snapshotUrl: string;
  private readonly tellHint = (): void => {
    this.isHintDue = false;
    this.hints.next(this.cursorAt(this.lastOffset));
  };
  private isHintDue = false;
  private lastOffset = 0;
  private hasEnded = false;

  /** Throws `RangeError` for bounds and epochs that make no sense. */
  constructor(options: MemoryEventLogOptions = {}) {
    const { maxMessages = 1000, maxBytes = 4 * 1024 * 1024, maxAgeMs = Infinity } = options;
    assertBound('maxMessages', maxMessages);
    assertBound('maxBytes', maxBytes, Infinity);
    assertBound('maxAgeMs', maxAgeMs, Infinity);
    this.window = new MessageWindow({ maxMessages, maxBytes, maxAgeMs });
    this.isAged = maxAgeMs !== Infinity;
    this.clock = options.clock ?? systemClock;
    this.epoch = options.epoch ?? randomEpoch();
    this.snapshotUrl = options.snapshotUrl ?? '';
    if (!CURSOR.test(`${this.epoch}-0`)) {
      throw new RangeError(`An epoch is 1 to 32 letters and digits, not ${JSON.stringify(this.epoch)}.`);
    }
    this.changes = this.hints.asObservable();
  }

  /**
   * Rejects with {@link EventLogEndedError} after {@link end}, and with `FrameError` for a name or data which no stream
   * could send; then nothing is appended.
   */
  async append(events: readonly NewMessage<E>[]): Promise<Cursor> {
    if (this.hasEnded) throw new EventLogEndedError();
    for (const { event, json } of events.map(toStored)) this.push(event, json);
    this.trim();
    if (events.length > 0) this.hint();
    return this.cursorAt(this.lastOffset);
  }

  async readAfter(cursor: Cursor | undefined, limit: number): Promise<LogPage<E>> {
    this.trim();
    const from = cursor ?? this.cursorAt(0);
    const reason = this.gapReason(from);
    const start = reason === undefined ? this.offsetOf(from) : reason === 'ahead' ? this.lastOffset : this.trimmedCount;
    const events = this.window.slice(start - this.trimmedCount, Math.max(0, limit));
    const last = start + events.length;
    return {
      events,
      cursor: this.cursorAt(last),
      more: last < this.lastOffset,
      ended: this.hasEnded,
      ...(reason && { gap: this.gap(reason, from, start) }),
    };
  }

  async tail(): Promise<LogTail> {
    return { cursor: this.cursorAt(this.lastOffset), ended: this.hasEnded };
  }

  isCursor(text: string): boolean {
    return CURSOR.test(text);
  }

  /** What the log keeps now. */
  get size(): MemoryEventLogSize {
    this.trim();
    return { messages: this.window.length, bytes: this.window.bytes };
  }

  /** Says that nothing will be appended any more: streams that have read everything complete. */
  end(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.hint();
  }

  /** Takes back {@link end}, as when the work behind the log is retried: the log goes on where it ended. */
  reopen(): void {
    this.hasEnded = false;
  }

  private get trimmedCount(): number {
    return this.lastOffset - this.window.length;
  }

  private push(event: keyof E & string, json: string): void {
    this.lastOffset += 1;
    const message = { event, id: this.cursorAt(this.lastOffset), data: JSON.parse(json) } as Message<E>;
    const bytes = event.length + Buffer.byteLength(json);
    this.window.push(message, bytes, this.isAged ? this.clock.now() : 0);
  }

  private trim(): void {
    this.window.trim(this.isAged ? this.clock.now() : 0);
  }

  /** Hints once for all that is appended before the next microtask: a burst wakes its readers once. */
  private hint(): void {
    if (this.isHintDue) return;
    this.isHintDue = true;
    queueMicrotask(this.tellHint);
  }

  private gapReason(from: Cursor): GapReason | undefined {
    if (!from.startsWith(`${this.epoch}-`)) return 'epoch';
    const offset = this.offsetOf(from);
    if (offset > this.lastOffset) return 'ahead';
    return offset < this.trimmedCount ? 'trimmed' : undefined;
  }

  private gap(reason: GapReason, from: Cursor, to: number): Gap {
    return { reason, from, to: this.cursorAt(to), snapshot: this.snapshotUrl };
  }

  private cursorAt(offset: number): Cursor {
    return `${this.epoch}-${offset}`;
  }

  private offsetOf(cursor: Cursor): number {
    return Number(cursor.slice(this.epoch.length + 1));
  }
}

/** The name, and the data as JSON. Throws `FrameError` for what no stream could send. */
function toStored<E extends EventMap>({ event, data }: NewMessage<E>): { event: keyof E & string; json: string } {
  assertMessageName(event);
  return { event, json: encodeData(event, data) };
}

const EPOCH_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Short, so that a cursor over many logs still fits: of lives of the same log, one in 5·10¹⁰ takes another's epoch. */
function randomEpoch(): string {
  return Array.from(randomBytes(6), (byte) => EPOCH_LETTERS[byte % EPOCH_LETTERS.length]).join('');
}

function assertBound(name: string, value: number, orElse?: number): void {
  if ((Number.isSafeInteger(value) && value >= 1) || value === orElse) return;
  const none = orElse === undefined ? '' : `, or ${orElse} for none`;
  throw new RangeError(`${name} is a whole number from 1${none}, not ${value}.`);
}
