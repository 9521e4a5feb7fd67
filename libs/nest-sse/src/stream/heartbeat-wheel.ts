import { AsyncResource } from 'node:async_hooks';
import type { SseClock } from '../clock.js';

/** Something with deadlines. */
export interface WheelEntry {
  /** Does what is due at `nowMs`; answers with when to be called next, or `undefined` for never. */
  onDue(nowMs: number): number | undefined;
}

/**
 * One timer for all connections: heartbeats, lifetimes and stall deadlines. Entries lie in buckets of one tick; a write
 * costs nothing here, since an entry looks only when it is due whether the deadline has moved. The timer runs only
 * while there are entries.
 */
export class HeartbeatWheel {
  private readonly buckets = new Map<number, Set<WheelEntry>>();
  private readonly places = new Map<WheelEntry, number>();
  private cancel: (() => void) | undefined;
  /** Bound to no request's async context: the timer is everyone's, whoever's request it was that started it. */
  private readonly onTick = AsyncResource.bind(() => this.tick());

  /** @param tickMs how late a deadline may be met */
  constructor(
    private readonly clock: SseClock,
    private readonly tickMs: number,
  ) {}

  /** How many entries wait. */
  get size(): number {
    return this.places.size;
  }

  /** Has the entry called at `dueAtMs`, instead of when it was to be called before. */
  set(entry: WheelEntry, dueAtMs: number): void {
    this.remove(entry);
    const place = Math.ceil(dueAtMs / this.tickMs);
    let bucket = this.buckets.get(place);
    if (!bucket) this.buckets.set(place, (bucket = new Set()));
    bucket.add(entry);
    this.places.set(entry, place);
    this.cancel ??= this.clock.schedule(this.onTick, this.tickMs);
  }

  /** Forgets the entry. */
  remove(entry: WheelEntry): void {
    const place = this.places.get(entry);
    if (place === undefined) return;
    this.places.delete(entry);
    const bucket = this.buckets.get(place);
    bucket?.delete(entry);
    if (bucket?.size === 0) this.buckets.delete(place);
  }

  private tick(): void {
    this.cancel = undefined;
    const nowMs = this.clock.now();
    const current = Math.floor(nowMs / this.tickMs);
    for (const place of [...this.buckets.keys()].filter((at) => at <= current).sort((a, b) => a - b)) {
      for (const entry of this.buckets.get(place) ?? []) {
        this.remove(entry);
        const next = entry.onDue(nowMs);
        // What is due again at once waits for the next tick, or this loop would never end.
        if (next !== undefined && !this.places.has(entry)) this.set(entry, Math.max(next, nowMs + 1));
      }
    }
    if (this.places.size > 0) this.cancel ??= this.clock.schedule(this.onTick, this.tickMs);
  }
}
