import { Injectable } from '@nestjs/common';
import { AppConfig } from '../platform/config/index.js';
import { SignInLinkStore } from './sign-in-link.store.js';
import { UserStore } from './user.store.js';

/** The way in to an installation that nobody has been in yet. */
@Injectable()
export class FirstSignIn {
  constructor(
    private readonly users: UserStore,
    private readonly links: SignInLinkStore,
    private readonly config: AppConfig,
  ) {}

  /**
   * A link that signs the first admin in, once, within 15 minutes: `<origin>/sign-in?token=…`. Undefined where the
   * operator named the first account and its password, or where anybody has signed in before. It is for the terminal
   * and not for the log: logs are shipped and kept.
   *
   * @param origin where browsers reach the server, without a slash at the end; known once it listens.
   */
  async createLink(origin: string): Promise<string | undefined> {
    if (this.config.adminEmail !== undefined || (await this.users.hasAnyoneSignedIn())) return undefined;
    const admin = await this.users.findFirstAdmin();
    return admin === undefined ? undefined : `${origin}/sign-in?token=${await this.links.issue(admin.id)}`;
  }
}
