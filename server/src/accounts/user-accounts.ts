import { Injectable } from '@nestjs/common';
import { decodeTimeKey, encodeTimeKey, type PageQuery, ProblemException } from '../platform/http/index.js';
import { toCanonicalEmail } from './email-address.js';
import { Passwords } from './passwords.js';
import { SessionEnds } from './session-ends.js';
import type { Role } from './signed-in.js';
import { UserRemovals } from './user-removals.js';
import { type StoredUser, UserStore } from './user.store.js';

/** A user as the API shows it. */
export interface UserInfo {
  id: string;
  /** Lower case. */
  email: string;
  role: Role;
  /** RFC 3339. */
  createdAt: string;
}

const toInfo = ({ id, email, role, created_at }: StoredUser): UserInfo => ({
  id,
  email,
  role,
  createdAt: created_at.toISOString(),
});

/** The accounts of this installation. */
@Injectable()
export class UserAccounts {
  constructor(
    private readonly users: UserStore,
    private readonly passwords: Passwords,
    private readonly ends: SessionEnds,
    private readonly removals: UserRemovals,
  ) {}

  /**
   * Adds a user. Without `password` none will fit: such a user comes in by a link only. Throws a 409 problem
   * `email_taken`.
   */
  async create({ email, password, role }: { email: string; password?: string; role: Role }): Promise<UserInfo> {
    const hash = await (password === undefined ? this.passwords.hashUnusable() : this.passwords.hash(password));
    const user = await this.users.insert({ email: toCanonicalEmail(email), password_hash: hash, role });
    if (user === undefined) {
      throw new ProblemException(409, 'email_taken', 'There is an account with this e-mail address already.');
    }
    return toInfo(user);
  }

  /** A page of users, oldest first. Throws a 400 problem where the cursor is not of this list. */
  async list({ limit, cursor }: PageQuery): Promise<{ items: UserInfo[]; nextCursor?: string }> {
    const rows = await this.users.page(limit + 1, cursor === undefined ? undefined : decodeTimeKey(cursor));
    const items = rows.slice(0, limit).map(toInfo);
    const last = items.at(-1);
    return rows.length > limit && last !== undefined
      ? { items, nextCursor: encodeTimeKey({ time: new Date(last.createdAt), id: last.id }) }
      : { items };
  }

  /** Removes a user and ends all sessions of it. Throws a 404 problem; 409 `own_account` for the one who asks. */
  async remove(id: string, askedBy: string): Promise<void> {
    if (id === askedBy) {
      throw new ProblemException(409, 'own_account', 'You cannot remove your own account; ask another admin.');
    }
    // NUL is in no id, and PostgreSQL refuses to be asked for it.
    const ended = id.includes('\0') ? undefined : await this.users.remove(id);
    if (ended === undefined) throw new ProblemException(404, 'not_found', 'There is no such user.');
    this.ends.announce(ended);
    this.removals.announce(id);
  }
}
