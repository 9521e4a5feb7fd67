import { Injectable } from '@nestjs/common';
import type { CloseReason, EventMap, NewMessage } from '@throughline/sse-protocol';
import type { Observable } from 'rxjs';
import type { StreamConnection } from '../stream/stream-connection.js';
import { StreamEngine } from '../stream/stream-engine.js';
import { selectConnections, type SseConnectionFilter } from './connection-filter.js';
import { ConnectionRegistry, type ClosedConnection } from './connection-registry.js';
import type { SseConnection } from './sse-connection.js';

/** The open streams of this process: who they are, what can be told to them, and how to close them. */
@Injectable()
export class SseConnections {
  /** Each stream when its `stream.open` was written. */
  readonly opened: Observable<SseConnection>;
  /** Each opened stream when its response has closed, and why. */
  readonly closed: Observable<ClosedConnection>;

  constructor(
    private readonly registry: ConnectionRegistry,
    private readonly engine: StreamEngine,
  ) {
    this.opened = registry.opened.asObservable();
    this.closed = registry.closed.asObservable();
  }

  /** Open streams, all or those that the filter lets through, oldest first. */
  list(filter?: SseConnectionFilter): SseConnection[] {
    const shown: SseConnection[] = [];
    for (const connection of this.open(filter)) shown.push(connection.show());
    return shown;
  }

  /** How many streams {@link list} would show, at less cost. */
  count(filter?: SseConnectionFilter): number {
    let count = 0;
    for (const _ of this.open(filter)) count += 1;
    return count;
  }

  /** One open stream, or `undefined`. */
  get(id: string): SseConnection | undefined {
    return this.registry.get(id)?.show();
  }

  /**
   * Writes an event to one stream, beside what it streams and without an id, so the client's cursor stays. Data that is
   * an object gets a `timestamp`. Answers whether there was such a stream. Throws `FrameError` for an invalid name.
   */
  send<E extends EventMap = Record<string, unknown>>(id: string, event: NewMessage<E>): boolean {
    const frame = this.engine.encoder.encodeStamped({ event: event.event, data: event.data });
    const connection = this.registry.get(id);
    connection?.sendBeside(frame);
    return connection !== undefined;
  }

  /** As {@link send}, to all streams that the filter lets through; encoded once. Answers with how many there were. */
  broadcast<E extends EventMap = Record<string, unknown>>(event: NewMessage<E>, filter?: SseConnectionFilter): number {
    const frame = this.engine.encoder.encodeStamped({ event: event.event, data: event.data });
    let count = 0;
    for (const connection of this.open(filter)) {
      connection.sendBeside(frame);
      count += 1;
    }
    return count;
  }

  /** Tells one stream why and ends it. Answers whether there was such a stream. */
  close(id: string, reason: CloseReason): boolean {
    const connection = this.registry.get(id);
    connection?.close(reason);
    return connection !== undefined;
  }

  /**
   * Closes all streams that the filter names, also those that are just being opened. Answers with how many. A client
   * that reads nothing is cut within a second where the reason is `revoked` or `superseded`. At a sign-out:
   * `closeWhere({ session }, 'revoked')`.
   */
  closeWhere(filter: SseConnectionFilter, reason: CloseReason): number {
    let count = 0;
    for (const connection of selectConnections(this.registry, isUnclosed, filter)) {
      connection.close(reason);
      count += 1;
    }
    return count;
  }

  private open(filter?: SseConnectionFilter): Iterable<StreamConnection> {
    return selectConnections(this.registry, isOpen, filter);
  }
}

function isOpen(connection: StreamConnection): boolean {
  return connection.isOpen;
}

function isUnclosed(connection: StreamConnection): boolean {
  return !connection.isClosing && !connection.isOver;
}
