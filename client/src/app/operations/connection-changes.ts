import type { MessageData } from '@throughline/sse-protocol';

/** One open stream, as the API shows it. */
export interface Connection {
  id: string;
  /** Absent where nobody is signed in. */
  user?: string;
  channels: string[];
  since: string;
  /** The place after the last message that was written; empty at the start. */
  cursor: string;
  bytesQueued: number;
}

/** What has become of the open streams since the message before. */
export interface ConnectionChanges extends MessageData {
  opened: Connection[];
  closed: { id: string; reason: string }[];
  changed: Pick<Connection, 'id' | 'cursor' | 'bytesQueued'>[];
}

/** Events of the stream of open streams. */
export type ConnectionEvents = { connections: ConnectionChanges };

/** Open streams by id, the oldest first. */
export type OpenStreams = ReadonlyMap<string, Connection>;

/** Whether a message is one of {@link ConnectionEvents}. */
export function isConnectionsMessage({ event, data }: { event: string; data: unknown }): boolean {
  const { opened, closed, changed } = (data ?? {}) as Partial<ConnectionChanges>;
  return event === 'connections' && [opened, closed, changed].every(isListOfIds) && !!opened?.every(isConnection);
}

/**
 * Folds changes in. A stream keeps its place in the order; one that is told of twice, since the list that it came in is
 * newer than the message, stays one.
 */
export function foldChanges(streams: OpenStreams, { opened, closed, changed }: ConnectionChanges): OpenStreams {
  const next = new Map(streams);
  for (const connection of opened) next.set(connection.id, connection);
  for (const { id, cursor, bytesQueued } of changed) {
    const connection = next.get(id);
    if (connection) next.set(id, { ...connection, cursor, bytesQueued });
  }
  for (const { id } of closed) next.delete(id);
  return next;
}

function isListOfIds(value: unknown): boolean {
  return Array.isArray(value) && value.every((each: { id?: unknown } | null) => typeof each?.id === 'string');
}

function isConnection({ channels, since, cursor, bytesQueued }: Partial<Record<keyof Connection, unknown>>): boolean {
  return (
    Array.isArray(channels) &&
    typeof since === 'string' &&
    typeof cursor === 'string' &&
    typeof bytesQueued === 'number'
  );
}
