import type { Generated, Insertable } from 'kysely';
import type { Role } from './signed-in.js';

interface UserTable {
  id: string;
  /** Lower case. */
  email: string;
  /** Argon2id, in the PHC string format. */
  password_hash: string;
  role: Role;
  created_at: Date;
  last_signed_in_at: Date | null;
}

interface SessionTable {
  id: string;
  user_id: string;
  /** SHA-256 of the cookie's token, in hexadecimal; so are the other `token_hash`. */
  token_hash: string;
  created_at: Date;
  expires_at: Date;
}

interface StreamTicketTable {
  token_hash: string;
  session_id: string;
  expires_at: Date;
}

interface SignInLinkTable {
  token_hash: string;
  user_id: string;
  expires_at: Date;
}

interface EndedSessionTable {
  session_id: string;
  /** By the database's clock. */
  ended_at: Generated<Date>;
}

/** The tables of this feature, as its stores see them. */
export interface AccountsTables {
  app_user: UserTable;
  session: SessionTable;
  stream_ticket: StreamTicketTable;
  sign_in_link: SignInLinkTable;
  ended_session: EndedSessionTable;
}

/** A user as it is inserted. */
export type NewUser = Insertable<UserTable>;
