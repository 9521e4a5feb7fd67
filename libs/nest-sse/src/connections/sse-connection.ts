import type { Cursor } from '@throughline/sse-protocol';

/** A connection as it is shown: to operators, in filters and in tests. */
export interface SseConnection {
  readonly id: string;
  readonly user?: string;
  readonly session?: string;
  readonly address: string;
  /** The route, such as `RunsController.events`. */
  readonly kind: string;
  /** Names of what is streamed: of the log where it has one, else the route. */
  readonly channels: readonly string[];
  /** RFC 3339, UTC. */
  readonly since: string;
  /** The place after the last message that was written; empty at the start. */
  readonly cursor: Cursor;
  /** Bytes that wait in this process for the client to read. */
  readonly bytesQueued: number;
  /** RFC 3339, UTC. */
  readonly lastWriteAt: string;
}
