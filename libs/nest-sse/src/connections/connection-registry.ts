import type { ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import { Subject } from 'rxjs';
import type { HeldLease, LimitBreach } from '../cluster/connection-leases.js';
import { LeaseKeeper, type LeaseHolder } from '../cluster/lease-keeper.js';
import type { ConnectionEnd, RefusalReason } from '../sse-metrics.js';
import type { SseIdentity } from '../sse-options.js';
import { StreamConnection, type ConnectionNote, type ConnectionWatch } from '../stream/stream-connection.js';
import { StreamEngine } from '../stream/stream-engine.js';
import { ConnectionIndex } from './connection-index.js';
import { ConnectionLimits } from './connection-limits.js';
import type { SseConnection } from './sse-connection.js';

/** A connection that is over. */
export interface ClosedConnection {
  readonly connection: SseConnection;
  readonly reason: ConnectionEnd;
}

/** Something that happened to an open connection. */
export interface NotedConnection {
  readonly id: string;
  readonly name: ConnectionNote;
  readonly attributes: Readonly<Record<string, string>>;
}

/** A slot, or why there is none. */
export type Reservation = StreamConnection | RefusalReason;

/** All connections from the taking of their slot to the close of their response. */
@Injectable()
export class ConnectionRegistry implements ConnectionWatch, LeaseHolder {
  readonly opened = new Subject<SseConnection>();
  readonly closed = new Subject<ClosedConnection>();
  readonly noted = new Subject<NotedConnection>();

  private readonly limits: ConnectionLimits;
  private readonly keeper: LeaseKeeper | undefined;
  private readonly connections = new Map<string, StreamConnection>();
  private readonly bySession = new ConnectionIndex<StreamConnection>();
  private readonly emptied = new Subject<void>();

  constructor(private readonly engine: StreamEngine) {
    const { settings } = engine;
    this.limits = new ConnectionLimits(settings);
    if (settings.leases) this.keeper = new LeaseKeeper(settings.leases, engine, this);
  }

  /**
   * Takes a slot, or says why not; with leases of all processes, as soon as they answer. The slot is given back when the
   * response closes, whatever happened before, so a guard or pipe that refuses later costs none (trap 9).
   */
  reserve(response: ServerResponse, identity: SseIdentity, kind: string): Reservation | Promise<Reservation> {
    const breach = this.limits.breachBy(identity);
    const oldestOf = this.engine.settings.onLimit === 'close-oldest' && breach === 'user' ? identity.user : undefined;
    if (breach !== undefined && oldestOf === undefined) return refusalOf(breach);
    const { keeper } = this;
    if (keeper) return this.reserveEverywhere(keeper, this.add(response, identity, kind));
    if (oldestOf !== undefined && !this.closeOldest(oldestOf)) return 'limit';
    return this.add(response, identity, kind);
  }

  /** Connections in any state, oldest first. */
  all(): Iterable<StreamConnection> {
    return this.connections.values();
  }

  /** Connections of a user in any state but superseded, oldest first. */
  ofUser(user: string): Iterable<StreamConnection> {
    return this.limits.users.of(user);
  }

  /** Connections of a session in any state, oldest first. */
  ofSession(session: string): Iterable<StreamConnection> {
    return this.bySession.of(session);
  }

  /** An open connection. */
  get(id: string): StreamConnection | undefined {
    const connection = this.connections.get(id);
    return connection?.isOpen ? connection : undefined;
  }

  /** Resolves when no connection is left, and all leases are given back. */
  async whenEmpty(): Promise<void> {
    if (this.connections.size > 0) {
      await new Promise<void>((resolve) => {
        const subscription = this.emptied.subscribe(() => {
          subscription.unsubscribe();
          resolve();
        });
      });
    }
    await this.keeper?.settled();
  }

  /** Nothing opens any more. */
  stop(): void {
    this.keeper?.stop();
  }

  onOpened(connection: StreamConnection): void {
    if (this.opened.observed) this.opened.next(connection.show());
  }

  onNoted({ id }: StreamConnection, name: ConnectionNote, attributes: Readonly<Record<string, string>>): void {
    if (this.noted.observed) this.noted.next({ id, name, attributes });
  }

  onOver(connection: StreamConnection, end?: ConnectionEnd): void {
    // One that was refused by the leases has none to give back.
    if (this.remove(connection)) this.keeper?.giveBack(connection.id);
    if (end !== undefined && this.closed.observed) this.closed.next({ connection: connection.show(), reason: end });
  }

  has(id: string): boolean {
    return this.connections.has(id);
  }

  *held(): Iterable<HeldLease> {
    const nowMs = this.engine.settings.clock.now();
    for (const { id, identity, sinceMs, isClosing } of this.connections.values()) {
      // What was superseded must not be counted again; whatever else is closing is gone in a moment.
      if (isClosing) continue;
      const { user, address } = identity;
      yield { id, ...(user !== undefined && { user }), address, ageMs: nowMs - sinceMs };
    }
  }

  /** Its slot is free at once, for it is cut within a second even if nobody reads. */
  supersede(id: string): void {
    const connection = this.connections.get(id);
    connection?.close('superseded');
    if (connection?.identity.user !== undefined) this.limits.giveBack(connection);
  }

  private async reserveEverywhere(keeper: LeaseKeeper, connection: StreamConnection): Promise<Reservation> {
    const { id, identity } = connection;
    const { user, address } = identity;
    const answer = await keeper.acquire({ id, ...(user !== undefined && { user }), address });
    if (answer === 'granted' || connection.isOver) return connection;
    if (answer === 'unknown' && this.fitsHere(connection)) return connection;
    this.remove(connection);
    return refusalOf(answer === 'unknown' ? 'user' : answer);
  }

  /** Makes room by this process's own limits: all but the user's were looked at before the leases were asked. */
  private fitsHere(connection: StreamConnection): boolean {
    const { user } = connection.identity;
    if (user === undefined || this.limits.users.count(user) <= this.engine.settings.connectionsPerUser) return true;
    return this.closeOldest(user, connection);
  }

  private add(response: ServerResponse, identity: SseIdentity, kind: string): StreamConnection {
    const connection = new StreamConnection(this.engine, response, identity, kind, this);
    this.connections.set(connection.id, connection);
    this.limits.take(connection);
    if (identity.session !== undefined) this.bySession.add(identity.session, connection);
    return connection;
  }

  private remove(connection: StreamConnection): boolean {
    if (!this.connections.delete(connection.id)) return false;
    this.limits.giveBack(connection);
    const { session } = connection.identity;
    if (session !== undefined) this.bySession.delete(session, connection);
    if (this.connections.size === 0) this.emptied.next();
    return true;
  }

  private closeOldest(user: string, except?: StreamConnection): boolean {
    for (const connection of this.limits.users.of(user)) {
      if (connection.isClosing || connection.isOver || connection === except) continue;
      this.supersede(connection.id);
      return true;
    }
    return false;
  }
}

function refusalOf(breach: LimitBreach): RefusalReason {
  return breach === 'total' ? 'overloaded' : 'limit';
}
