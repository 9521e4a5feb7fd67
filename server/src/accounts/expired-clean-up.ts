import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { SessionEnds } from './session-ends.js';
import { SessionStore } from './session.store.js';
import { SignInLinkStore } from './sign-in-link.store.js';
import { SignInThrottle } from './sign-in-throttle.js';
import { StreamTicketStore } from './stream-ticket.store.js';

const CLEAN_UP_INTERVAL_MS = 60_000;

/** Twice the longest life of a stream: whoever missed the word for so long has asked the database since. */
const KEEP_ENDED_MS = 15 * 60 * 1000;

/** Removes, once a minute, what has expired. Nothing relies on it for being refused: whoever looks up checks the time. */
@Injectable()
export class ExpiredCleanUp implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(ExpiredCleanUp.name);
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(
    private readonly sessions: SessionStore,
    private readonly tickets: StreamTicketStore,
    private readonly links: SignInLinkStore,
    private readonly throttle: SignInThrottle,
    private readonly ends: SessionEnds,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.run(), CLEAN_UP_INTERVAL_MS).unref();
  }

  /** Waits for a clean-up that is under way: the database closes after this. */
  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  /** Cleans up once; joins a clean-up that is under way. Never rejects: the next one takes what this one left. */
  run(): Promise<void> {
    this.running ??= this.cleanUp().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  private async cleanUp(): Promise<void> {
    this.throttle.forgetExpired();
    try {
      await this.tickets.removeExpired();
      await this.links.removeExpired();
      this.ends.announce(await this.sessions.endExpired());
      await this.sessions.forgetEnded(KEEP_ENDED_MS);
    } catch (error) {
      this.logger.error({ err: error }, 'Expired sessions, tickets and links could not be removed');
    }
  }
}
