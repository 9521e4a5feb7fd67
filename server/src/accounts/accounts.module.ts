import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { EndedSessionPoll } from './ended-session-poll.js';
import { ExpiredCleanUp } from './expired-clean-up.js';
import { FirstAccount } from './first-account.js';
import { FirstSignIn } from './first-sign-in.js';
import { Passwords } from './passwords.js';
import { SessionEnds } from './session-ends.js';
import { SessionController } from './session.controller.js';
import { SessionGuard } from './session.guard.js';
import { SessionStore } from './session.store.js';
import { SignIn } from './sign-in.js';
import { SignInLinkStore } from './sign-in-link.store.js';
import { SignInThrottle } from './sign-in-throttle.js';
import { StreamTicketStore } from './stream-ticket.store.js';
import { StreamTicketsController } from './stream-tickets.controller.js';
import { UserAccounts } from './user-accounts.js';
import { UserRemovals } from './user-removals.js';
import { UserStore } from './user.store.js';
import { UsersController } from './users.controller.js';

/**
 * Accounts, sessions and tickets, and the global `SessionGuard`: with this module in an app, every route needs a
 * session unless it says otherwise. Needs `DATABASE`, `AppConfig` and `CLOCK` from global modules.
 */
@Module({
  controllers: [SessionController, StreamTicketsController, UsersController],
  providers: [
    SessionGuard,
    { provide: APP_GUARD, useExisting: SessionGuard },
    EndedSessionPoll,
    ExpiredCleanUp,
    FirstAccount,
    FirstSignIn,
    Passwords,
    SessionEnds,
    SessionStore,
    SignIn,
    SignInLinkStore,
    SignInThrottle,
    StreamTicketStore,
    UserAccounts,
    UserRemovals,
    UserStore,
  ],
  exports: [FirstSignIn, SessionEnds, SessionGuard, SessionStore, UserAccounts, UserRemovals],
})
export class AccountsModule {}
