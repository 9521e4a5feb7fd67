import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type DeleteQueryBuilder, type DeleteResult, type Kysely, sql } from 'kysely';
import { CLOCK, type Clock } from '../platform/clock/index.js';
import { DATABASE } from '../platform/database/index.js';
import type { AccountsTables } from './accounts-tables.js';
import { createSecretToken, hashToken } from './secret-token.js';
import type { SignedIn } from './signed-in.js';

/** How long a session lasts without being used. */
export const SESSION_LIFETIME_MS = 30 * 24 * 60 * 60 * 1000;

/** How far a session's end moves at least: not every request is worth a write. */
const RENEWAL_STEP_MS = 60 * 60 * 1000;

type SessionDeletion = DeleteQueryBuilder<AccountsTables, 'session', DeleteResult>;

/** Deletes the sessions that `choose` picks and leaves word of it for other nodes, in one statement. */
export async function endSessions(
  db: Kysely<AccountsTables>,
  choose: (query: SessionDeletion) => SessionDeletion,
): Promise<string[]> {
  const rows = await db
    .with('gone', (query) => choose(query.deleteFrom('session')).returning('id'))
    .insertInto('ended_session')
    .columns(['session_id'])
    .expression((query) => query.selectFrom('gone').select('id'))
    .returning('session_id')
    .execute();
  return rows.map((row) => row.session_id);
}

/** Sessions, by the token that the browser keeps. */
@Injectable()
export class SessionStore {
  constructor(
    @Inject(DATABASE) private readonly db: Kysely<AccountsTables>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Starts a session and answers with the token for its cookie; undefined where the user is there no more. */
  async start(userId: string): Promise<string | undefined> {
    const { token, hash } = createSecretToken();
    const now = this.clock.now();
    const started = await this.db
      // The update locks the user's row, so that a removal comes either before or after the whole.
      .with('owner', (query) =>
        query.updateTable('app_user').set({ last_signed_in_at: now }).where('id', '=', userId).returning('id'),
      )
      .insertInto('session')
      .columns(['id', 'user_id', 'token_hash', 'created_at', 'expires_at'])
      .expression((query) =>
        query
          .selectFrom('owner')
          .select(({ cast, val }) => [
            val(randomUUID()).as('session_id'),
            'owner.id',
            val(hash).as('token_hash'),
            cast<Date>(val(now), 'timestamptz').as('created_at'),
            cast<Date>(val(this.expiryFrom(now)), 'timestamptz').as('expires_at'),
          ]),
      )
      .returning('id')
      .executeTakeFirst();
    return started === undefined ? undefined : token;
  }

  /** Who is signed in by this token. `isDue`: its end is to be moved, see {@link renew}. */
  async find(token: string): Promise<(SignedIn & { isDue: boolean }) | undefined> {
    const now = this.clock.now();
    const row = await this.db
      .selectFrom('session')
      .innerJoin('app_user', 'app_user.id', 'session.user_id')
      .select(['app_user.id', 'app_user.email', 'app_user.role', 'session.id as sessionId', 'session.expires_at'])
      .where('session.token_hash', '=', hashToken(token))
      .where('session.expires_at', '>', now)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    const { expires_at, ...user } = row;
    return { ...user, isDue: this.expiryFrom(now).getTime() - expires_at.getTime() >= RENEWAL_STEP_MS };
  }

  /** Moves a session's end to a whole lifetime from now. */
  async renew(sessionId: string): Promise<void> {
    await this.db
      .updateTable('session')
      .set({ expires_at: this.expiryFrom(this.clock.now()) })
      .where('id', '=', sessionId)
      .execute();
  }

  /** Ends one session; its tickets go with it. Answers with its id, or with nothing where it was over already. */
  async end(sessionId: string): Promise<string[]> {
    return endSessions(this.db, (query) => query.where('id', '=', sessionId));
  }

  /** Ends the sessions that nobody used for a lifetime; answers with their ids. */
  async endExpired(): Promise<string[]> {
    return endSessions(this.db, (query) => query.where('expires_at', '<=', this.clock.now()));
  }

  /** The ids of sessions that ended, on any node, since `overlapMs` before `since`; with the time of the last. */
  async listEnded(since: Date, overlapMs: number): Promise<{ ids: string[]; last: Date }> {
    const rows = await this.db
      .selectFrom('ended_session')
      .select(['session_id', 'ended_at'])
      .where('ended_at', '>', new Date(since.getTime() - overlapMs))
      .orderBy('ended_at')
      .execute();
    return { ids: rows.map((row) => row.session_id), last: rows.at(-1)?.ended_at ?? since };
  }

  /** The time by the database's clock, which {@link listEnded} goes by. */
  async databaseTime(): Promise<Date> {
    const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(this.db);
    const [row] = rows;
    if (row === undefined) throw new Error('The database did not tell the time.');
    return row.now;
  }

  /** Forgets sessions that ended longer than `keepMs` ago. */
  async forgetEnded(keepMs: number): Promise<void> {
    const before = new Date((await this.databaseTime()).getTime() - keepMs);
    await this.db.deleteFrom('ended_session').where('ended_at', '<', before).execute();
  }

  private expiryFrom(now: Date): Date {
    return new Date(now.getTime() + SESSION_LIFETIME_MS);
  }
}
