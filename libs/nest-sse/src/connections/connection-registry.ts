import type { ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import { Subject } from 'rxjs';
import type { ConnectionEnd, RefusalReason } from '../sse-metrics.js';
import type { SseIdentity } from '../sse-options.js';
import { StreamConnection, type ConnectionWatch } from '../stream/stream-connection.js';
import { StreamEngine } from '../stream/stream-engine.js';
import { ConnectionLimits } from './connection-limits.js';
import type { SseConnection } from './sse-connection.js';

/** A connection that is over. */
export interface ClosedConnection {
  readonly connection: SseConnection;
  readonly reason: ConnectionEnd;
}

/** All connections from the taking of their slot to the close of their response. */
@Injectable()
export class ConnectionRegistry implements ConnectionWatch {
  readonly opened = new Subject<SseConnection>();
  readonly closed = new Subject<ClosedConnection>();

  private readonly limits: ConnectionLimits;
  private readonly connections = new Map<string, StreamConnection>();
  private readonly byUser = new Map<string, Set<StreamConnection>>();
  private readonly releases = new Map<StreamConnection, () => void>();
  private readonly emptied = new Subject<void>();

  constructor(private readonly engine: StreamEngine) {
    this.limits = new ConnectionLimits(engine.settings);
  }

  /**
   * Takes a slot, or says why not. The slot is given back when the response closes, whatever happened before, so a guard
   * or pipe that refuses later costs none (trap 9).
   */
  reserve(response: ServerResponse, identity: SseIdentity, kind: string): StreamConnection | RefusalReason {
    const breach = this.limits.breachBy(identity);
    if (breach === 'total') return 'overloaded';
    const isReplacing = breach === 'user' && this.engine.settings.onLimit === 'close-oldest';
    if (breach !== undefined && !(isReplacing && this.closeOldest(identity.user))) return 'limit';
    const connection = new StreamConnection(this.engine, response, identity, kind, this);
    this.connections.set(connection.id, connection);
    this.releases.set(connection, this.limits.take(identity));
    this.index(connection);
    return connection;
  }

  /** Open connections, oldest first. */
  open(): StreamConnection[] {
    return [...this.connections.values()].filter(({ isOpen }) => isOpen);
  }

  /** Connections in any state. */
  all(): StreamConnection[] {
    return [...this.connections.values()];
  }

  /** An open connection. */
  get(id: string): StreamConnection | undefined {
    const connection = this.connections.get(id);
    return connection?.isOpen ? connection : undefined;
  }

  /** Resolves when no connection is left. */
  whenEmpty(): Promise<void> {
    if (this.connections.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const subscription = this.emptied.subscribe(() => {
        subscription.unsubscribe();
        resolve();
      });
    });
  }

  onOpened(connection: StreamConnection): void {
    this.opened.next(connection.show());
  }

  onOver(connection: StreamConnection, end?: ConnectionEnd): void {
    this.connections.delete(connection.id);
    this.release(connection);
    if (end !== undefined) this.closed.next({ connection: connection.show(), reason: end });
    if (this.connections.size === 0) this.emptied.next();
  }

  private index(connection: StreamConnection): void {
    const { user } = connection.identity;
    if (user === undefined) return;
    const own = this.byUser.get(user) ?? new Set();
    this.byUser.set(user, own.add(connection));
  }

  private release(connection: StreamConnection): void {
    this.releases.get(connection)?.();
    this.releases.delete(connection);
    const { user } = connection.identity;
    const own = user === undefined ? undefined : this.byUser.get(user);
    own?.delete(connection);
    if (user !== undefined && own?.size === 0) this.byUser.delete(user);
  }

  /** Closes the user's oldest stream; its slot is free at once, for it is cut within a second even if nobody reads. */
  private closeOldest(user: string | undefined): boolean {
    const own = user === undefined ? undefined : this.byUser.get(user);
    const oldest = own && [...own].find(({ isClosing, isOver }) => !isClosing && !isOver);
    if (!oldest) return false;
    oldest.close('superseded');
    this.release(oldest);
    return true;
  }
}
