import { MemoryEventLog } from '../log/memory-event-log.js';
import type { SseSettings } from '../sse-options.js';

/** What {@link ChannelShelf} needs of the settings. */
type ChannelSettings = Pick<
  SseSettings,
  'channelMaxMessages' | 'channelMaxBytes' | 'channelMaxAgeMs' | 'channelIdleMs' | 'channelsTotal' | 'clock'
>;

/** There are `channelsTotal` channels, and each is listened to. */
export class ChannelLimitError extends Error {
  override readonly name = 'ChannelLimitError';
  readonly code = 'channel_limit';

  constructor(channelsTotal: number) {
    super(
      `There are ${channelsTotal} channels, and all are in use: raise the SseModule option channelsTotal, or delete some.`,
    );
  }
}

/** One life of a channel, from its first use to its eviction or deletion. */
export class ChannelLife {
  log: MemoryEventLog;
  /** Subscriptions to what is new. */
  listeners = 0;
  private wasEvicted = false;

  constructor(
    readonly name: string,
    settings: ChannelSettings,
    /** When it was last published to, read or listened to. */
    public usedAtMs: number,
  ) {
    this.log = new MemoryEventLog({
      maxMessages: settings.channelMaxMessages,
      maxBytes: settings.channelMaxBytes,
      maxAgeMs: settings.channelMaxAgeMs,
      clock: settings.clock,
    });
  }

  /** Whether it was dropped for idleness: whoever still holds it takes the channel's next life. */
  get isEvicted(): boolean {
    return this.wasEvicted;
  }

  /** Drops the history, too: who holds the channel for later may hold it for ever. */
  evict(): void {
    this.wasEvicted = true;
    this.log = new MemoryEventLog({ maxMessages: 1 });
  }
}

/**
 * The channels of a process by name. One that nobody listens to is dropped when it was not used for `channelIdleMs`, or
 * when its place is needed; its next life has another epoch, so who comes back is told of the gap.
 */
export class ChannelShelf {
  private readonly lives = new Map<string, ChannelLife>();
  /** Who may be dropped next, the longest unused last, as of when they were looked for. */
  private candidates: { name: string; usedAtMs: number }[] = [];
  private cancelSweep: (() => void) | undefined;

  constructor(private readonly settings: ChannelSettings) {}

  /** The present life of the channel, made if there is none. Throws {@link ChannelLimitError}. */
  of(name: string): ChannelLife {
    const known = this.lives.get(name);
    if (known) return known;
    if (this.lives.size >= this.settings.channelsTotal) this.makeRoom();
    const life = new ChannelLife(name, this.settings, this.settings.clock.now());
    this.lives.set(name, life);
    this.cancelSweep ??= this.scheduleSweep();
    return life;
  }

  /** Ends the channel: its readers complete. Answers whether there was one. */
  delete(name: string): boolean {
    this.lives.get(name)?.log.end();
    return this.lives.delete(name);
  }

  all(): IterableIterator<ChannelLife> {
    return this.lives.values();
  }

  /** Sweeps no more. */
  close(): void {
    this.cancelSweep?.();
    this.cancelSweep = undefined;
  }

  /** One timer for all channels, and none where there is no channel, or they stay for ever. */
  private scheduleSweep(): (() => void) | undefined {
    const { channelIdleMs, clock } = this.settings;
    if (channelIdleMs === Infinity) return undefined;
    return clock.schedule(() => this.sweep(), Math.min(Math.ceil(channelIdleMs / 4), MAX_DELAY_MS));
  }

  private sweep(): void {
    const { channelIdleMs, clock } = this.settings;
    const idleSinceMs = clock.now() - channelIdleMs;
    for (const life of this.lives.values()) {
      if (life.listeners === 0 && life.usedAtMs <= idleSinceMs) this.evict(life);
    }
    this.cancelSweep = this.lives.size > 0 ? this.scheduleSweep() : undefined;
  }

  /**
   * Drops the channel that was unused for the longest. All are looked through once for many that are dropped: who was
   * used since is passed over, and is younger than those that are left.
   */
  private makeRoom(): void {
    if (this.dropCandidate()) return;
    this.candidates = [...this.lives.values()]
      .filter(({ listeners }) => listeners === 0)
      .map(({ name, usedAtMs }) => ({ name, usedAtMs }))
      .sort((a, b) => b.usedAtMs - a.usedAtMs);
    if (!this.dropCandidate()) throw new ChannelLimitError(this.settings.channelsTotal);
  }

  private dropCandidate(): boolean {
    for (let next = this.candidates.pop(); next; next = this.candidates.pop()) {
      const life = this.lives.get(next.name);
      if (life?.listeners !== 0 || life.usedAtMs !== next.usedAtMs) continue;
      this.evict(life);
      return true;
    }
    return false;
  }

  private evict(life: ChannelLife): void {
    life.evict();
    this.lives.delete(life.name);
  }
}

/** What a timer of the platform can wait at most, in ms. */
const MAX_DELAY_MS = 2 ** 31 - 1;
