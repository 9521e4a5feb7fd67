import { cursorOf, placeOf, type ModelLog, type Place } from './model-log';

/** Keeps account of what was delivered, and says what should not have been. */
export class ModelReader {
  #last: Place | undefined;
  /** Ends of the gaps whose snapshot was read. */
  readonly #bridgedTo = new Set<string>();
  #disorder: string | undefined;

  get hasDelivered(): boolean {
    return this.#last !== undefined;
  }

  get hasBridged(): boolean {
    return this.#bridgedTo.size > 0;
  }

  /** What came out of order, twice, or after a hole that no snapshot fills. RxJS reports what a subscriber throws elsewhere. */
  get disorder(): string | undefined {
    return this.#disorder;
  }

  take(cursor: string): void {
    const place = placeOf(cursor);
    if (!place || !this.#follows(place)) this.complain(`After ${this.#text} came ${cursor}.`);
    this.#last = place;
  }

  complain(disorder: string): void {
    this.#disorder ??= disorder;
  }

  bridged(to: string): void {
    this.#bridgedTo.add(to);
  }

  /** Whether everything was delivered, or is in a snapshot. */
  hasAll(log: ModelLog): boolean {
    const end = cursorOf(log.end);
    const isAtStart = log.tail === 0 && this.#last === undefined;
    return isAtStart || this.#text === end || this.#bridgedTo.has(end);
  }

  /** Whether a cursor is that of the last message, or of the end of a gap behind it. */
  isHere(cursor: string): boolean {
    return cursor === this.#text || this.#bridgedTo.has(cursor);
  }

  get #text(): string {
    return this.#last ? cursorOf(this.#last) : '';
  }

  #follows({ epoch, offset }: Place): boolean {
    const last = this.#last;
    if (last?.epoch === epoch && offset === last.offset + 1) return true;
    if (!last && offset === 1) return true;
    const isLater = !last || epoch > last.epoch || (epoch === last.epoch && offset > last.offset);
    return isLater && this.#bridgedTo.has(cursorOf({ epoch, offset: offset - 1 }));
  }
}
