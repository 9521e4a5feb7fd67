import type { StreamConnection } from '../stream/stream-connection.js';
import type { ConnectionRegistry } from './connection-registry.js';
import type { SseConnection } from './sse-connection.js';

/** Connections by what they are; each part that is named must fit. */
export interface SseConnectionMatch {
  /** Found at once, however many others are connected. */
  readonly user?: string;
  /** Found at once, however many others are connected. */
  readonly session?: string;
  /** The name of what is streamed; see {@link SseConnection.channels}. */
  readonly channel?: string;
}

/** Which connections are meant. A function is asked about each; a match is cheaper. */
export type SseConnectionFilter = SseConnectionMatch | ((connection: SseConnection) => boolean);

/**
 * Connections in a state that is wanted which the filter lets through, oldest first. Throws `TypeError` where a match
 * names nothing: whoever looked up a user or session that is not there does not mean everybody.
 */
export function selectConnections(
  registry: ConnectionRegistry,
  isWanted: (connection: StreamConnection) => boolean,
  filter?: SseConnectionFilter,
): Iterable<StreamConnection> {
  if (filter === undefined) return where(registry.all(), isWanted);
  if (typeof filter === 'function') return where(registry.all(), (it) => isWanted(it) && filter(it.show()));
  const { user, session, channel } = filter;
  if (user === undefined && session === undefined && channel === undefined) {
    throw new TypeError('A filter of connections names a user, a session or a channel; leave it out for all.');
  }
  const candidates =
    session !== undefined ? registry.ofSession(session) : user !== undefined ? registry.ofUser(user) : registry.all();
  return where(
    candidates,
    (it) =>
      isWanted(it) && (user === undefined || it.identity.user === user) && (channel === undefined || it.isOn(channel)),
  );
}

function* where<T>(items: Iterable<T>, isWanted: (item: T) => boolean): Iterable<T> {
  for (const item of items) if (isWanted(item)) yield item;
}
