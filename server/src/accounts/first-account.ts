import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { AppConfig } from '../platform/config/index.js';
import { toCanonicalEmail } from './email-address.js';
import { Passwords } from './passwords.js';
import type { Role } from './signed-in.js';
import { UserStore } from './user.store.js';

/** The admin's address where the operator named none. */
const UNNAMED_ADMIN = 'admin@localhost';

/**
 * Sees to it that there is an admin. The one that the operator names is added where it is missing; where it is there,
 * it is left alone, its password and role too: what the environment said once must not undo what people changed since.
 */
@Injectable()
export class FirstAccount implements OnApplicationBootstrap {
  constructor(
    private readonly users: UserStore,
    private readonly passwords: Passwords,
    private readonly config: AppConfig,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { adminEmail, adminPassword } = this.config;
    if (adminEmail !== undefined && adminPassword !== undefined) {
      const email = toCanonicalEmail(adminEmail);
      // Asked first, since hashing is slow on purpose and nearly every start finds the account.
      if ((await this.users.findByEmail(email)) === undefined) {
        await this.add(email, await this.passwords.hash(adminPassword));
      }
    } else if (await this.users.isEmpty()) {
      await this.add(UNNAMED_ADMIN, await this.passwords.hashUnusable());
    }
  }

  /** Of several nodes that start at once, one adds it; the others find it there, which is as well. */
  private async add(email: string, hash: string): Promise<void> {
    const role: Role = 'admin';
    await this.users.insert({ email, password_hash: hash, role });
  }
}
