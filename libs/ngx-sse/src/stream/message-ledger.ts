import type { Cursor } from '@throughline/sse-protocol';

/** A set that deletes its oldest entry over and over walks past ever more holes, so ids are forgotten a generation at a time. */
const IDS_PER_GENERATION = 5_000;

/** Knows which messages came already, and where to go on from. Lives longer than any connection or transport. */
export class MessageLedger {
  #recent = new Set<Cursor>();
  #older = new Set<Cursor>();
  #cursor: Cursor;
  #connectionId: Cursor = '';

  constructor(start: Cursor) {
    this.#cursor = start;
    if (start !== '') this.#remember(start);
  }

  /** Cursor of the last message received; empty at the start. */
  get cursor(): Cursor {
    return this.#cursor;
  }

  /** A new EventSource starts without a last id. */
  beginConnection(): void {
    this.#connectionId = '';
  }

  /**
   * Takes a message of a stream; returns whether to deliver it. EventSource repeats the last id on messages that have
   * none, so only an id that *changed* to one already seen makes a duplicate.
   */
  takeStreamed(lastEventId: Cursor): boolean {
    if (lastEventId === this.#connectionId) return true;
    this.#connectionId = lastEventId;
    return this.takePaged(lastEventId);
  }

  /** Takes a message of a page, where each says its own id; returns whether to deliver it. */
  takePaged(id: Cursor): boolean {
    if (id === '') return true;
    if (this.#recent.has(id) || this.#older.has(id)) return false;
    this.#remember(id);
    this.#cursor = id;
    return true;
  }

  /** A page names the place after it, which may lie beyond its last known message. */
  moveTo(cursor: Cursor): void {
    if (cursor === '') return;
    this.#remember(cursor);
    this.#cursor = cursor;
  }

  /** Goes on elsewhere after a gap. Ids seen before it may name other messages now, as after a restored backup. */
  jumpTo(cursor: Cursor): void {
    this.#recent = new Set();
    this.#older = new Set();
    this.#cursor = cursor;
    if (cursor !== '') this.#remember(cursor);
  }

  #remember(id: Cursor): void {
    this.#recent.add(id);
    if (this.#recent.size < IDS_PER_GENERATION) return;
    this.#older = this.#recent;
    this.#recent = new Set();
  }
}
