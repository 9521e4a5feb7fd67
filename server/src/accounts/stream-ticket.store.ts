import { Inject, Injectable } from '@nestjs/common';
import type { Kysely } from 'kysely';
import { CLOCK, type Clock } from '../platform/clock/index.js';
import { DATABASE } from '../platform/database/index.js';
import type { AccountsTables } from './accounts-tables.js';
import { createSecretToken, hashToken } from './secret-token.js';
import type { SignedIn } from './signed-in.js';

/** How long a ticket waits for its one use. */
export const TICKET_LIFETIME_MS = 30_000;

/** Tickets that open one stream each, in the name of the session that asked for them. */
@Injectable()
export class StreamTicketStore {
  constructor(
    @Inject(DATABASE) private readonly db: Kysely<AccountsTables>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Makes a ticket for a session. */
  async issue(sessionId: string): Promise<{ ticket: string; expiresAt: Date }> {
    const { token, hash } = createSecretToken();
    const expiresAt = new Date(this.clock.now().getTime() + TICKET_LIFETIME_MS);
    await this.db
      .insertInto('stream_ticket')
      .values({ token_hash: hash, session_id: sessionId, expires_at: expiresAt })
      .execute();
    return { ticket: token, expiresAt };
  }

  /** Uses a ticket up and answers with who asked for it. Of several uses at once, on any nodes, one gets an answer. */
  async redeem(ticket: string): Promise<SignedIn | undefined> {
    const now = this.clock.now();
    return this.db
      .with('used', (query) =>
        query
          .deleteFrom('stream_ticket')
          .where('token_hash', '=', hashToken(ticket))
          .returning(['session_id', 'expires_at']),
      )
      .selectFrom('used')
      .innerJoin('session', 'session.id', 'used.session_id')
      .innerJoin('app_user', 'app_user.id', 'session.user_id')
      .select(['app_user.id', 'app_user.email', 'app_user.role', 'session.id as sessionId'])
      .where('used.expires_at', '>', now)
      .where('session.expires_at', '>', now)
      .executeTakeFirst();
  }

  /** Removes the tickets that nobody used in time. */
  async removeExpired(): Promise<void> {
    await this.db.deleteFrom('stream_ticket').where('expires_at', '<=', this.clock.now()).execute();
  }
}
