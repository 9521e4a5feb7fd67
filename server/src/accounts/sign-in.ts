import { Injectable } from '@nestjs/common';
import { ProblemException } from '../platform/http/index.js';
import { Passwords } from './passwords.js';
import { SessionStore } from './session.store.js';
import { SignInLinkStore } from './sign-in-link.store.js';
import { SignInThrottle } from './sign-in-throttle.js';
import { UserStore } from './user.store.js';

/** Stands for the account in counting tries with links, whose account is not known before. */
const ANY_LINK = '(link)';

/** Says the same whether the account, the password or the link is wrong. */
function invalidCredentials(): ProblemException {
  return new ProblemException(
    401,
    'invalid_credentials',
    'That did not sign you in: the e-mail address or password is wrong, or the link was used or is too old.',
  );
}

/** Exchanges a password or a one-time link for a session. */
@Injectable()
export class SignIn {
  constructor(
    private readonly users: UserStore,
    private readonly links: SignInLinkStore,
    private readonly sessions: SessionStore,
    private readonly passwords: Passwords,
    private readonly throttle: SignInThrottle,
  ) {}

  /** Answers with the token of a new session. Throws a 401 problem, after the same work whatever is wrong; 429. */
  async byPassword(address: string, email: string, password: string): Promise<string> {
    this.throttle.admit(address, email);
    const user = await this.users.findByEmail(email);
    const fits = await this.passwords.verify(user?.password_hash, password);
    return this.start(fits ? user?.id : undefined, address, email);
  }

  /** Answers with the token of a new session and uses the link up. Throws a 401 problem; 429. */
  async byLink(address: string, token: string): Promise<string> {
    this.throttle.admit(address, ANY_LINK);
    return this.start(await this.links.redeem(token), address, ANY_LINK);
  }

  private async start(userId: string | undefined, address: string, account: string): Promise<string> {
    const token = userId === undefined ? undefined : await this.sessions.start(userId);
    if (token === undefined) throw invalidCredentials();
    this.throttle.forgive(address, account);
    return token;
  }
}
