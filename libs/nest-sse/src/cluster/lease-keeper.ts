import type { Subscription } from 'rxjs';
import { jitter } from '../clock.js';
import { outsideRequests } from '../request-context.js';
import type { StreamEngine } from '../stream/stream-engine.js';
import type { ConnectionLease, ConnectionLeases, HeldLease, LeaseOutcome, LimitBreach } from './connection-leases.js';
import { LeaseReturns } from './lease-returns.js';

/** Who has the streams that the leases are for. */
export interface LeaseHolder {
  /** Whether the stream is there still. */
  has(id: string): boolean;
  /** All streams that are there and to stay, oldest first. */
  held(): Iterable<HeldLease>;
  /** Closes a stream whose slot another has got. */
  supersede(id: string): void;
}

/** `unknown`: the shared count cannot be asked, and the limits of this process are all there is. */
export type LeaseAnswer = 'granted' | 'unknown' | LimitBreach;

/** How long a stream may wait for the shared count before it is opened without. */
const PATIENCE_MS = 500;
/** With the jitter below a second: how soon a stream that lost its slot elsewhere is closed where nothing hints at it. */
const POLL_MS = 800;
const POLL_JITTER = 0.2;
/** All leases are compared with what is held after so many lifetimes, so that no count stays wrong, whatever happened. */
const RESTORE_EVERY_TTLS = 20;

/**
 * Keeps the leases of this process: asks for them, renews all with one timer, gives them back, and closes what others took.
 * Streams matter more than an exact count: while the shared state is away, they are served with the limits of the
 * process, and made known when it is back.
 */
export class LeaseKeeper {
  private readonly pending = new Set<string>();
  private readonly returns: LeaseReturns;
  private readonly hints: Subscription | undefined;
  private hasHints: boolean;
  private isAway = false;
  private isStopped = false;
  private cancel: (() => void) | undefined;
  private renewing: Promise<void> | undefined;
  private isHintedMeanwhile = false;
  private restoredAt: number;

  constructor(
    private readonly leases: ConnectionLeases,
    private readonly engine: StreamEngine,
    private readonly holder: LeaseHolder,
  ) {
    this.returns = new LeaseReturns(leases, (error) => this.goAway(error));
    this.restoredAt = engine.settings.clock.now();
    this.hasHints = leases.changes !== undefined;
    this.hints = leases.changes?.subscribe({ next: () => this.hint(), error: (error) => this.loseHints(error) });
  }

  /** Asks for a slot; never rejects, and answers within {@link PATIENCE_MS} or so. */
  async acquire(lease: ConnectionLease): Promise<LeaseAnswer> {
    this.schedule();
    if (this.isAway) return 'unknown';
    this.pending.add(lease.id);
    const answer = await this.askPatiently(lease);
    this.pending.delete(lease.id);
    // The slot may have been taken all the same, for a client that has gone meanwhile.
    if (answer === 'unknown' && !this.holder.has(lease.id)) this.returns.add(lease.id);
    return answer;
  }

  /** Gives a lease back when its stream is over. While it is being asked for, the answer sees to it. */
  giveBack(id: string): void {
    if (!this.pending.has(id)) this.returns.add(id);
  }

  /** Resolves when all that was given back is. */
  async settled(): Promise<void> {
    await this.renewing;
    while (this.returns.current) await this.returns.current;
  }

  /** Renews no more. */
  stop(): void {
    this.isStopped = true;
    this.cancel?.();
    this.hints?.unsubscribe();
  }

  private async askPatiently(lease: ConnectionLease): Promise<LeaseAnswer> {
    const returning = this.returns.current;
    const answer = await this.ask(lease);
    if (returning === undefined || answer === 'granted' || answer === 'unknown') return answer;
    // A slot was on its way back, perhaps that of the stream which this one follows.
    const isBack = await this.within(returning, PATIENCE_MS).then(
      () => true,
      () => false,
    );
    return isBack ? this.ask(lease) : answer;
  }

  private ask(lease: ConnectionLease): Promise<LeaseAnswer> {
    const { connectionsInCluster, connectionsPerAddress, connectionsPerUser, onLimit } = this.engine.settings;
    const limits = { total: connectionsInCluster, address: connectionsPerAddress, user: connectionsPerUser };
    const asked = (async () => this.leases.acquire({ ...lease, limits, onLimit }))();
    // An answer that comes too late is an answer still: a slot taken then must not stay taken.
    const applied = asked.then((outcome) => this.apply(lease.id, outcome));
    return this.within(applied, PATIENCE_MS).catch((error: unknown) => {
      this.goAway(error);
      return 'unknown' as const;
    });
  }

  private apply(id: string, outcome: LeaseOutcome): LeaseAnswer {
    if (!outcome.isGranted) return outcome.breach;
    for (const evicted of outcome.evicted) this.holder.supersede(evicted);
    if (!this.holder.has(id)) this.returns.add(id);
    return 'granted';
  }

  private schedule(): void {
    if (this.cancel || this.isStopped || this.renewing) return;
    const { clock, random } = this.engine.settings;
    const third = this.leases.ttlMs / 3;
    const everyMs = this.hasHints && !this.isAway ? third : Math.min(third, POLL_MS);
    const delayMs = jitter(everyMs, POLL_JITTER, random);
    // The first stream starts it, and it goes on for all.
    this.cancel = outsideRequests(() => clock.schedule(() => this.renew(), delayMs));
  }

  /** What is waited for has changed. */
  private reschedule(): void {
    this.cancel?.();
    this.cancel = undefined;
    this.schedule();
  }

  private hint(): void {
    if (this.renewing) this.isHintedMeanwhile = true;
    else this.renew();
  }

  private renew(): void {
    this.cancel?.();
    this.cancel = undefined;
    if (this.isStopped || this.renewing) return;
    this.renewing = this.renewAll()
      .catch((error: unknown) => this.goAway(error))
      .finally(() => this.afterRenewal());
  }

  private afterRenewal(): void {
    this.renewing = undefined;
    const isHinted = this.isHintedMeanwhile;
    this.isHintedMeanwhile = false;
    if (isHinted) this.renew();
    // Nobody is connected: the process may be forgotten until somebody is.
    else if (this.isAway || this.pending.size > 0 || !isEmpty(this.holder.held())) this.schedule();
  }

  private async renewAll(): Promise<void> {
    const { ttlMs } = this.leases;
    const { lost, isKnown } = await this.within(this.leases.renew(), ttlMs);
    for (const id of lost) this.holder.supersede(id);
    const nowMs = this.engine.settings.clock.now();
    if (this.isAway || !isKnown || nowMs - this.restoredAt >= RESTORE_EVERY_TTLS * ttlMs) {
      await this.restore();
      this.restoredAt = nowMs;
    }
  }

  private async restore(): Promise<void> {
    // What is given back while it is on its way to be restored would be there again.
    this.returns.pause();
    await this.within(this.leases.restore(this.settledLeases()), this.leases.ttlMs);
    if (this.isAway) {
      this.isAway = false;
      this.engine.logger.log('Limits across processes are back; the streams of this process are counted again.');
    }
    this.returns.resume();
  }

  /** What is held for sure; what is being asked for comes with its answer. */
  private *settledLeases(): Iterable<HeldLease> {
    for (const lease of this.holder.held()) if (!this.pending.has(lease.id)) yield lease;
  }

  private goAway(error: unknown): void {
    this.engine.metrics.tell('failed', { code: 'leases_failed' });
    if (this.isAway) return;
    this.isAway = true;
    this.returns.pause();
    this.engine.logger.error(
      'Limits across processes are away: each process goes by its own until they are back.',
      error,
    );
    this.reschedule();
  }

  private loseHints(error: unknown): void {
    this.hasHints = false;
    this.engine.logger.warn(
      'Leases hint at no changes any more; they are looked at within each second instead.',
      error,
    );
    this.reschedule();
  }

  private within<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
    return new Promise((resolve, reject) => {
      const cancel = this.engine.settings.clock.schedule(
        () => reject(new Error(`There was no answer within ${timeoutMs} ms.`)),
        timeoutMs,
      );
      promise.then(resolve, reject).finally(cancel);
    });
  }
}

function isEmpty(items: Iterable<unknown>): boolean {
  for (const _ of items) return false;
  return true;
}
