import { randomBytes } from 'node:crypto';
import type { Cursor, EventMap, Gap, GapReason, Message, NewMessage } from '@throughline/sse-protocol';
import { Subject, type Observable } from 'rxjs';
import type { EventLog, LogPage, LogTail } from './event-log.js';

/** Options of a {@link MemoryEventLog}. */
export interface MemoryEventLogOptions {
  /** Most messages that are kept; older ones are trimmed and become a gap. Default 1000. */
  maxMessages?: number;
  /**
   * Names this life of the log in its cursors (1 to 32 letters and digits), so that a cursor from before a restart is
   * not taken for one of now. Default: random.
   */
  epoch?: string;
  /** URL of the snapshot that stands for what was trimmed, told in gaps. Default: empty, there is none. */
  snapshotUrl?: string;
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
 * An {@link EventLog} in memory, bounded by count. Cursors are `<epoch>-<offset>`; the first message has offset 1.
 * It lives as long as the process: a cursor of an earlier process gets an `epoch` gap.
 */
export class MemoryEventLog<E extends EventMap = Record<string, unknown>> implements EventLog<E> {
  readonly changes: Observable<Cursor>;

  private readonly hints = new Subject<Cursor>();
  private readonly maxMessages: number;
  private readonly epoch: string;
  private readonly snapshotUrl: string;
  private messages: Message<E>[] = [];
  /** How many messages of the array's head are trimmed; the head is cut off when it is as long as the rest. */
  private dead = 0;
  private lastOffset = 0;
  private hasEnded = false;

  constructor(options: MemoryEventLogOptions = {}) {
    this.maxMessages = options.maxMessages ?? 1000;
    this.epoch = options.epoch ?? randomBytes(6).toString('hex');
    this.snapshotUrl = options.snapshotUrl ?? '';
    if (!Number.isSafeInteger(this.maxMessages) || this.maxMessages < 1) {
      throw new RangeError(`maxMessages is a whole number from 1, not ${this.maxMessages}.`);
    }
    if (!CURSOR.test(`${this.epoch}-0`)) {
      throw new RangeError(`An epoch is 1 to 32 letters and digits, not ${JSON.stringify(this.epoch)}.`);
    }
    this.changes = this.hints.asObservable();
  }

  /** Rejects with {@link EventLogEndedError} after {@link end}. */
  async append(events: readonly NewMessage<E>[]): Promise<Cursor> {
    if (this.hasEnded) throw new EventLogEndedError();
    for (const { event, data } of events) {
      this.lastOffset += 1;
      this.messages.push({ event, id: this.cursorAt(this.lastOffset), data } as Message<E>);
    }
    this.trim();
    const cursor = this.cursorAt(this.lastOffset);
    if (events.length > 0) this.hints.next(cursor);
    return cursor;
  }

  async readAfter(cursor: Cursor | undefined, limit: number): Promise<LogPage<E>> {
    const from = cursor ?? this.cursorAt(0);
    const reason = this.gapReason(from);
    const start = reason === undefined ? this.offsetOf(from) : reason === 'ahead' ? this.lastOffset : this.trimmedCount;
    const first = this.dead + start - this.trimmedCount;
    const events = this.messages.slice(first, first + Math.max(0, limit));
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

  /** Says that nothing will be appended any more: streams that have read everything complete. */
  end(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.hints.next(this.cursorAt(this.lastOffset));
  }

  /** Takes back {@link end}, as when the work behind the log is retried: the log goes on where it ended. */
  reopen(): void {
    this.hasEnded = false;
  }

  private get trimmedCount(): number {
    return this.lastOffset - (this.messages.length - this.dead);
  }

  private trim(): void {
    const kept = this.messages.length - this.dead;
    if (kept <= this.maxMessages) return;
    const nowDead = this.messages.length - this.maxMessages;
    this.messages.fill(undefined as never, this.dead, nowDead);
    this.dead = nowDead;
    if (this.dead < this.maxMessages) return;
    this.messages = this.messages.slice(this.dead);
    this.dead = 0;
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
