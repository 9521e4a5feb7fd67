import type { Request } from 'express';

/** What a user may do: an admin also manages accounts and open streams. */
export type Role = 'member' | 'admin';

/** Who made a request; `SessionGuard` puts it on `request.user`. */
export interface SignedIn {
  /** The user's id. */
  id: string;
  /** Lower case. */
  email: string;
  role: Role;
  /** The session's id. It is no secret: the cookie's token cannot be found from it. */
  sessionId: string;
}

/** A request that went through `SessionGuard`; `user` is absent on routes that are `@Public()`. */
export interface SignedInRequest extends Request {
  user?: SignedIn;
}
