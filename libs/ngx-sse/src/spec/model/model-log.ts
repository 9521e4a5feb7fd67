import type { EventPage, Gap } from '@throughline/sse-protocol';

/** A place in a log: its epoch and the number of its last message there; `0` is before the first one. */
export interface Place {
  readonly epoch: number;
  readonly offset: number;
}

/** A cursor, as the protocol has it for logs without durable history. */
export function cursorOf({ epoch, offset }: Place): string {
  return `${epoch}-${offset}`;
}

/** The place that a cursor names; `undefined` for the start. */
export function placeOf(cursor: string | null | undefined): Place | undefined {
  if (!cursor) return undefined;
  const [epoch, offset] = cursor.split('-').map(Number);
  return { epoch: epoch ?? 0, offset: offset ?? 0 };
}

/** Whether the model's validator refuses the message. */
export function isRefused(cursor: string): boolean {
  return (placeOf(cursor)?.offset ?? 0) % 5 === 0;
}

/** What a client gets that goes on from a place. */
export interface Rest {
  readonly gap: Gap | undefined;
  readonly from: number;
}

/** One log, as the protocol describes it: offsets from 1 without holes, trimmed from the front, lost with its epoch. */
export class ModelLog {
  epoch = 1;
  tail = 0;
  /** Nothing comes any more, unless the run is retried. */
  hasEnded = false;
  #trimmed = 0;

  get end(): Place {
    return { epoch: this.epoch, offset: this.tail };
  }

  append(count = 1): void {
    if (!this.hasEnded) this.tail += count;
  }

  /** Forgets all messages but the last `keep`. */
  trim(keep: number): void {
    this.#trimmed = Math.max(this.#trimmed, this.tail - keep);
  }

  /** Loses everything; what comes is of another epoch. */
  restart(): void {
    this.epoch += 1;
    this.tail = this.#trimmed = 0;
    this.hasEnded = false;
  }

  /** What there is after a place. */
  after(place: Place | undefined): Rest {
    const isOther = place !== undefined && place.epoch !== this.epoch;
    const offset = isOther ? -1 : (place?.offset ?? 0);
    if (offset >= this.#trimmed) return { gap: undefined, from: offset };
    const gap: Gap = {
      reason: isOther ? 'epoch' : 'trimmed',
      from: place ? cursorOf(place) : '',
      to: cursorOf({ epoch: this.epoch, offset: this.#trimmed }),
      snapshot: '/snapshot',
    };
    return { gap, from: this.#trimmed };
  }

  /** A page of at most two messages. */
  page(after: Place | undefined, data: object): Partial<EventPage> {
    const { gap, from } = this.after(after);
    const offsets = Array.from({ length: Math.min(2, this.tail - from) }, (_, i) => from + i + 1);
    const last = offsets.at(-1) ?? from;
    const ids = offsets.map((offset) => cursorOf({ epoch: this.epoch, offset }));
    return {
      events: ids.map((id) => ({ event: 'status', id, data })),
      cursor: after || last > 0 ? cursorOf({ epoch: this.epoch, offset: last }) : '',
      more: last < this.tail,
      status: this.hasEnded ? 'succeeded' : 'running',
      ...(gap && { gap }),
    };
  }
}
