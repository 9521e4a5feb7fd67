import type { Cursor } from '@throughline/sse-protocol';
import type { ReceivedMessage } from './received-message';
import type { StreamOwner } from './stream-owner';

/** What keeps one stream going; tells its owner nothing before {@link start} and nothing after {@link close}. */
export interface Session {
  /** Begins; tells the owner how it is doing at once. */
  start(): void;
  /** Tries now instead of later. */
  reconnect(): void;
  /** A reason to look, not a proof. */
  networkMayBeBack(): void;
  /** A reason to look, not a proof. */
  networkMayBeLost(): void;
  /** The page goes into the back/forward cache, or away; nothing is left running. */
  suspend(): void;
  /** The page is back. */
  resume(): void;
  /** The user signs out in this tab; {@link close} follows. */
  signOut?(): void;
  /** Ends it without telling; nothing is left running. */
  close(): void;
}

/** Who owns a {@link Session}, and keeps what came. */
export interface SessionOwner extends StreamOwner {
  /** The last so many messages, or those after a cursor, oldest first; `undefined` where they are not all kept. */
  recall(place: number | Cursor): readonly ReceivedMessage[] | undefined;
}
