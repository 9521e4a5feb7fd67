import { Inject, Injectable } from '@nestjs/common';
import type { Kysely } from 'kysely';
import { CLOCK, type Clock } from '../platform/clock/index.js';
import { DATABASE } from '../platform/database/index.js';
import type { AccountsTables } from './accounts-tables.js';
import { createSecretToken, hashToken } from './secret-token.js';

/** How long a sign-in link is good. */
export const LINK_LIFETIME_MS = 15 * 60 * 1000;

/** Tokens of sign-in links; each signs one user in, once. */
@Injectable()
export class SignInLinkStore {
  constructor(
    @Inject(DATABASE) private readonly db: Kysely<AccountsTables>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Makes the token of a link for a user. */
  async issue(userId: string): Promise<string> {
    const { token, hash } = createSecretToken();
    const expiresAt = new Date(this.clock.now().getTime() + LINK_LIFETIME_MS);
    await this.db
      .insertInto('sign_in_link')
      .values({ token_hash: hash, user_id: userId, expires_at: expiresAt })
      .execute();
    return token;
  }

  /**
   * Uses a token up and answers with its user's id. The user's other links (each start, and each node, prints one) are
   * then of no more use either.
   */
  async redeem(token: string): Promise<string | undefined> {
    const hash = hashToken(token);
    const used = await this.db
      .deleteFrom('sign_in_link')
      .where('user_id', '=', (query) =>
        query
          .selectFrom('sign_in_link as named')
          .select('named.user_id')
          .where('named.token_hash', '=', hash)
          .where('named.expires_at', '>', this.clock.now()),
      )
      .returning(['token_hash', 'user_id'])
      .execute();
    return used.find((link) => link.token_hash === hash)?.user_id;
  }

  /** Removes the links that are good no more. */
  async removeExpired(): Promise<void> {
    await this.db.deleteFrom('sign_in_link').where('expires_at', '<=', this.clock.now()).execute();
  }
}
