/** How much a {@link MessageWindow} keeps; `Infinity` where it is not bounded by that. */
interface WindowBounds {
  readonly maxMessages: number;
  readonly maxBytes: number;
  readonly maxAgeMs: number;
}

/**
 * The newest messages of a log, bounded by count, bytes and age. Trimming a message costs the same however many are
 * kept: the head is marked as dead, and cut off once it is as long as the rest.
 */
export class MessageWindow<M> {
  private messages: (M | undefined)[] = [];
  private sizes: number[] = [];
  /** When each message was added; stays empty where age is no bound. */
  private times: number[] = [];
  /** How many messages of the arrays' head are trimmed. */
  private dead = 0;
  private byteCount = 0;

  constructor(private readonly bounds: WindowBounds) {}

  /** Messages that are kept. */
  get length(): number {
    return this.messages.length - this.dead;
  }

  /** Bytes of the messages that are kept, as they were told. */
  get bytes(): number {
    return this.byteCount;
  }

  /** Adds a message of so many bytes. What is then too much stays until {@link trim}. */
  push(message: M, bytes: number, nowMs: number): void {
    this.messages.push(message);
    this.sizes.push(bytes);
    this.byteCount += bytes;
    if (this.bounds.maxAgeMs !== Infinity) this.times.push(nowMs);
  }

  /** Drops the oldest messages while there are too many or too many bytes, but for the newest, and all that are too old. */
  trim(nowMs: number): void {
    const { maxMessages, maxBytes, maxAgeMs } = this.bounds;
    while (this.length > 1 && (this.length > maxMessages || this.byteCount > maxBytes)) this.dropOldest();
    const diedAtMs = nowMs - maxAgeMs;
    while (this.dead < this.times.length && (this.times[this.dead] as number) <= diedAtMs) this.dropOldest();
    this.compact();
  }

  /** At most `count` messages from the one with that index on; the oldest that is kept has index 0. */
  slice(index: number, count: number): M[] {
    const first = this.dead + index;
    return this.messages.slice(first, first + count) as M[];
  }

  private dropOldest(): void {
    this.messages[this.dead] = undefined;
    this.byteCount -= this.sizes[this.dead] as number;
    this.dead += 1;
  }

  private compact(): void {
    if (this.dead < this.length || this.dead === 0) return;
    this.messages = this.messages.slice(this.dead);
    this.sizes = this.sizes.slice(this.dead);
    this.times = this.times.slice(this.dead);
    this.dead = 0;
  }
}
