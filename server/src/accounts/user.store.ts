import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Kysely } from 'kysely';
import { CLOCK, type Clock } from '../platform/clock/index.js';
import { DATABASE } from '../platform/database/index.js';
import type { TimeKey } from '../platform/http/index.js';
import type { AccountsTables, NewUser } from './accounts-tables.js';
import { endSessions } from './session.store.js';
import type { Role } from './signed-in.js';

/** A user without the hash of the password. */
export interface StoredUser {
  id: string;
  email: string;
  role: Role;
  created_at: Date;
}

const COLUMNS = ['id', 'email', 'role', 'created_at'] as const;

/** Users by id and by e-mail address. Addresses come in lower case. */
@Injectable()
export class UserStore {
  constructor(
    @Inject(DATABASE) private readonly db: Kysely<AccountsTables>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Adds a user; undefined where the address is taken. */
  async insert(user: Pick<NewUser, 'email' | 'password_hash' | 'role'>): Promise<StoredUser | undefined> {
    return this.db
      .insertInto('app_user')
      .values({ id: randomUUID(), created_at: this.clock.now(), last_signed_in_at: null, ...user })
      .onConflict((conflict) => conflict.column('email').doNothing())
      .returning(COLUMNS)
      .executeTakeFirst();
  }

  async findByEmail(email: string): Promise<(StoredUser & { password_hash: string }) | undefined> {
    return this.db
      .selectFrom('app_user')
      .select([...COLUMNS, 'password_hash'])
      .where('email', '=', email)
      .executeTakeFirst();
  }

  /** Up to `limit` users, oldest first, after the one with this time and id. */
  async page(limit: number, after?: TimeKey): Promise<StoredUser[]> {
    return this.db
      .selectFrom('app_user')
      .select(COLUMNS)
      .$if(after !== undefined, (query) =>
        query.where(({ eb, refTuple, tuple }) =>
          eb(refTuple('created_at', 'id'), '>', tuple(after?.time ?? new Date(0), after?.id ?? '')),
        ),
      )
      .orderBy('created_at')
      .orderBy('id')
      .limit(limit)
      .execute();
  }

  /** The admin that was there first. */
  async findFirstAdmin(): Promise<StoredUser | undefined> {
    return this.db
      .selectFrom('app_user')
      .select(COLUMNS)
      .where('role', '=', 'admin')
      .orderBy('created_at')
      .orderBy('id')
      .executeTakeFirst();
  }

  async isEmpty(): Promise<boolean> {
    return (await this.db.selectFrom('app_user').select('id').limit(1).executeTakeFirst()) === undefined;
  }

  /** Whether any of the users has ever signed in. */
  async hasAnyoneSignedIn(): Promise<boolean> {
    const one = await this.db
      .selectFrom('app_user')
      .select('id')
      .where('last_signed_in_at', 'is not', null)
      .limit(1)
      .executeTakeFirst();
    return one !== undefined;
  }

  /** Removes a user with all sessions; answers with the ids of those, or undefined where there is no such user. */
  async remove(id: string): Promise<string[] | undefined> {
    return this.db.transaction().execute(async (trx) => {
      // The lock holds back sign-ins of this user: none can slip in between and end without being told of.
      const user = await trx.selectFrom('app_user').select('id').where('id', '=', id).forUpdate().executeTakeFirst();
      if (user === undefined) return undefined;
      const ended = await endSessions(trx, (query) => query.where('user_id', '=', id));
      await trx.deleteFrom('app_user').where('id', '=', id).execute();
      return ended;
    });
  }
}
