/** What the page of readers offers; shared by both sides. */

/** One thing that a reader told: data is what `JSON.parse` makes of it, or its text. */
export interface ReadEvent {
  readonly event: string;
  /** `undefined` for control events, which never move a cursor. */
  readonly id: string | undefined;
  readonly data: unknown;
}

/** What one stream came to, read in three ways. */
export interface Readings {
  /** By the browser's `EventSource`. */
  readonly native: readonly ReadEvent[];
  /** By the fetch transport. */
  readonly fetch: readonly ReadEvent[];
  /** By the fetch transport too, in exactly the chunks of the job; a network may join those that it carries. */
  readonly recut: readonly ReadEvent[];
}

export interface ReadingJob {
  readonly url: string;
  /** Names to listen for. */
  readonly names: readonly string[];
  /** Lengths of the chunks. */
  readonly chunks: readonly number[];
}

/** `window.readers` of the page. */
export interface ReadersApi {
  /** Reads all, `parallel` at a time, each in all three ways. */
  readAll(jobs: readonly ReadingJob[], parallel: number): Promise<Readings[]>;
}
