import { randomBytes } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';

/**
 * Argon2id with 19 MiB, two passes and one lane: the first choice of OWASP's Password Storage Cheat Sheet. A stored
 * hash names its own cost, so that these can change later.
 */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** One password typed on two keyboards can be two byte sequences; compatibility form makes them one. */
const canonical = (password: string): string => password.normalize('NFKC');

/** Turns passwords into hashes, and tells whether one fits. */
@Injectable()
export class Passwords implements OnModuleInit {
  private decoy = '';

  async onModuleInit(): Promise<void> {
    this.decoy = await this.hashUnusable();
  }

  /** The Argon2id hash of a password, in the PHC string format. */
  async hash(password: string): Promise<string> {
    return hash(canonical(password), COST);
  }

  /** The hash of a random secret that is then forgotten: no password fits it. */
  async hashUnusable(): Promise<string> {
    return this.hash(randomBytes(32).toString('base64url'));
  }

  /**
   * Whether `password` is the one behind `stored`. Without `stored`, the same work is done on a decoy and the answer
   * is no: the time of an answer does not tell whether an account exists.
   */
  async verify(stored: string | undefined, password: string): Promise<boolean> {
    const fits = await verify(stored ?? this.decoy, canonical(password));
    return fits && stored !== undefined;
  }
}
