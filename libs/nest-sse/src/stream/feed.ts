import type { Cursor, Gap } from '@throughline/sse-protocol';

/** Where a connection's messages come from. */
export interface StreamFeed {
  /** The place in the log after the last message that was written; `undefined` at the start. */
  readonly cursor: Cursor | undefined;
  /** The id that the client holds for its place; behind {@link cursor} where what followed was of no interest to it. */
  readonly lastEventId: Cursor | undefined;
  /** Bytes that the feed itself holds back for the client; 0 where absent. */
  readonly bytesWaiting?: number;
  /** Begins; called once, when the headers have left. */
  start(outlet: FeedOutlet): void;
  /** Writes what still waits for the client, since the stream ends in order. */
  writeRest?(): void;
  /** Stops at once and releases everything; called at most once, maybe before `start`. */
  stop(): void;
}

/** What a feed may do to its connection. */
export interface FeedOutlet {
  /** Whether the client is behind. */
  readonly isBlocked: boolean;
  /** Bytes that wait for the client. */
  readonly bytesQueued: number;
  /** Resolves with `true` when the client has caught up, with `false` when the stream is over. */
  writable(): Promise<boolean>;
  /** Writes encoded frames. */
  write(bytes: Buffer): void;
  /** Tells the client what it missed. */
  gap(gap: Gap): void;
  /** Closes with a reason that needs no waiting time. */
  close(reason: 'complete' | 'slow'): void;
  /** Closes because the feed failed: logged, and the client comes back. */
  fail(error: unknown, code: 'source_failed' | 'invalid_message'): void;
}
