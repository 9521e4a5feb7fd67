import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../platform/clock/index.js';
import { AppConfig } from '../platform/config/index.js';
import { ProblemException } from '../platform/http/index.js';

const WINDOW_MS = 60_000;

/**
 * Limits guesses per network address and account, in any 60 seconds, by `AppConfig.signInTriesPerMinute`. By both, so
 * that nobody can lock another out of an account, and colleagues behind one address do not get in each other's way.
 * Each node counts for itself.
 */
@Injectable()
export class SignInThrottle {
  /** Times of tries within the window, oldest first. */
  private readonly tries = new Map<string, number[]>();

  constructor(
    private readonly config: AppConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Counts a try, before its outcome is known: guesses sent at once count too. Throws a 429 problem with `Retry-After`
   * where there were too many; a try that is refused does not count, so the wait never grows.
   */
  admit(address: string, account: string): void {
    const now = this.clock.now().getTime();
    const key = toKey(address, account);
    const recent = this.recent(key, now);
    const [oldest] = recent;
    if (oldest !== undefined && recent.length >= this.config.signInTriesPerMinute) {
      const waitSeconds = Math.max(1, Math.ceil((oldest + WINDOW_MS - now) / 1000));
      throw new ProblemException(
        429,
        'too_many_sign_in_tries',
        `There were too many tries to sign in. Try again in ${waitSeconds} s.`,
        { headers: { 'Retry-After': String(waitSeconds) } },
      );
    }
    this.tries.set(key, [...recent, now]);
  }

  /** Takes the tries back: the right password was among them. */
  forgive(address: string, account: string): void {
    this.tries.delete(toKey(address, account));
  }

  /** Lets go of the tries that count no more. */
  forgetExpired(): void {
    const now = this.clock.now().getTime();
    for (const key of this.tries.keys()) {
      if (this.recent(key, now).length === 0) this.tries.delete(key);
    }
  }

  /** How many pairs of address and account are being counted. */
  get size(): number {
    return this.tries.size;
  }

  private recent(key: string, now: number): number[] {
    return (this.tries.get(key) ?? []).filter((time) => time > now - WINDOW_MS);
  }
}

const toKey = (address: string, account: string): string => `${address} ${account}`;
