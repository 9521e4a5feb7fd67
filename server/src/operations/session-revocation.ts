import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { SseConnections } from '@throughline/nest-sse';
import type { Subscription } from 'rxjs';
import { SessionEnds } from '../accounts/index.js';

/** Closes the streams of a session that ended: a signed-out tab hears nothing more. */
@Injectable()
export class SessionRevocation implements OnApplicationBootstrap, OnModuleDestroy {
  private subscription?: Subscription;

  constructor(
    private readonly ends: SessionEnds,
    private readonly connections: SseConnections,
  ) {}

  onApplicationBootstrap(): void {
    this.subscription = this.ends.ended.subscribe((sessionId) => {
      this.connections.closeWhere({ session: sessionId }, 'revoked');
    });
    // A session can end between the check of its cookie and the opening of its stream.
    this.subscription.add(
      this.connections.opened.subscribe(({ id, session }) => {
        if (session !== undefined && this.ends.hasEnded(session)) this.connections.close(id, 'revoked');
      }),
    );
  }

  onModuleDestroy(): void {
    this.subscription?.unsubscribe();
  }
}
