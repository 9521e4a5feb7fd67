export { AccountsModule } from './accounts.module.js';
export { CurrentUser } from './current-user.js';
export { FirstSignIn } from './first-sign-in.js';
export { SESSION_COOKIE } from './session-cookie.js';
export { SessionEnds } from './session-ends.js';
export { SessionStore } from './session.store.js';
export type { Role, SignedIn, SignedInRequest } from './signed-in.js';
export { UserAccounts, type UserInfo } from './user-accounts.js';
export { UserRemovals } from './user-removals.js';
