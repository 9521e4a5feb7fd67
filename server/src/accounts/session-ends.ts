import { Injectable } from '@nestjs/common';
import { type Observable, Subject } from 'rxjs';

/** How many ended sessions are remembered, so that each is told of once. */
const REMEMBERED = 10_000;

/**
 * Tells which sessions are over: signed out, expired, or their user was removed; on this node or on another. Whoever
 * holds something open in the name of a session lets go of it.
 */
@Injectable()
export class SessionEnds {
  private readonly subject = new Subject<string>();
  private readonly told = new Set<string>();

  /** Ids of sessions (`SignedIn.sessionId`), each once; hot, never completes, never fails. */
  readonly ended: Observable<string> = this.subject.asObservable();

  /**
   * Whether this session was told of lately. For what opens in the name of a session: the end may come after the
   * request was let in and before there was anything to close.
   */
  hasEnded(sessionId: string): boolean {
    return this.told.has(sessionId);
  }

  /** Tells of ends. An id that was told of before is passed over: other nodes' word comes in more than once. */
  announce(sessionIds: readonly string[]): void {
    for (const id of sessionIds) {
      if (this.told.has(id)) continue;
      this.told.add(id);
      this.subject.next(id);
    }
    // A set keeps the order of insertion, so the first are the oldest.
    for (const id of this.told) {
      if (this.told.size <= REMEMBERED) break;
      this.told.delete(id);
    }
  }
}
