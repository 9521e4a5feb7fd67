import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { AppConfig } from '../platform/config/index.js';
import { SessionEnds } from './session-ends.js';
import { SessionStore } from './session.store.js';

/** Streams close within a second of a sign-out on another node; half of it is for this. */
const POLL_INTERVAL_MS = 500;

/** Ends are stamped before they are committed: this far back, an end may still turn up after a later one. */
const OVERLAP_MS = 10_000;

/**
 * Learns from the database of sessions that ended on other nodes, and passes it on to {@link SessionEnds}. An embedded
 * database has one node, so nothing is polled there.
 */
@Injectable()
export class EndedSessionPoll implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(EndedSessionPoll.name);
  private timer: NodeJS.Timeout | undefined;
  private since: Date | undefined;
  private reading: Promise<void> | undefined;
  private isFailing = false;

  constructor(
    private readonly sessions: SessionStore,
    private readonly ends: SessionEnds,
    private readonly config: AppConfig,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.config.databaseUrl === undefined) return;
    this.since = await this.sessions.databaseTime();
    this.timer = setInterval(() => void this.poll(), POLL_INTERVAL_MS).unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.reading;
  }

  /** Reads once; joins a reading that is under way. Never rejects: a database that is away is asked again. */
  poll(): Promise<void> {
    this.reading ??= this.read().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  private async read(): Promise<void> {
    try {
      const since = (this.since ??= await this.sessions.databaseTime());
      const { ids, last } = await this.sessions.listEnded(since, OVERLAP_MS);
      this.since = last;
      this.isFailing = false;
      this.ends.announce(ids);
    } catch (error) {
      // Once per outage, not twice a second.
      if (!this.isFailing) this.logger.error({ err: error }, 'Ended sessions of other nodes cannot be read');
      this.isFailing = true;
    }
  }
}
