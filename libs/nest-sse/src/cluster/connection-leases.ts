import type { Observable } from 'rxjs';

/** Which bound a further connection would break. */
export type LimitBreach = 'user' | 'address' | 'total';

/** A slot of one open stream, as all processes see it. */
export interface ConnectionLease {
  /** The connection's id: ASCII, unique in all processes. */
  readonly id: string;
  /** Absent for a guest, who counts by address alone. */
  readonly user?: string;
  readonly address: string;
}

/** A lease that a process holds already. */
export interface HeldLease extends ConnectionLease {
  /** How long ago it was taken, ms; an age and no time, since clocks of machines differ. */
  readonly ageMs: number;
}

/** What a process asks for when a stream is to be opened. */
export interface LeaseRequest extends ConnectionLease {
  /** The most streams, this one included; `Number.MAX_SAFE_INTEGER` is no bound. */
  readonly limits: Readonly<Record<LimitBreach, number>>;
  /** At the user's limit: refuse, or take the slots of the user's oldest streams. Other limits always refuse. */
  readonly onLimit: 'reject' | 'close-oldest';
}

/** Granted, with the ids of the streams that lost their slots for it, wherever they are; or the bound in the way. */
export type LeaseOutcome =
  | { readonly isGranted: true; readonly evicted: readonly string[] }
  | { readonly isGranted: false; readonly breach: LimitBreach };

/** What a renewal found. */
export interface LeaseRenewal {
  /** Ids of leases of this process that others have taken: their streams are to be closed. Each is told once. */
  readonly lost: readonly string[];
  /** `false` where this process was given up for dead, or the shared state was lost: {@link ConnectionLeases.restore}. */
  readonly isKnown: boolean;
}

/**
 * Counts streams in all processes that share it; one object per process. `registerConnectionLeasesTests` is the
 * contract. Every method may reject: the library then serves streams with the limits of its own process.
 */
export interface ConnectionLeases {
  /** For how long the slots of a process that is silent stay taken, ms. Renewals come at least three times as often. */
  readonly ttlMs: number;
  /** Hints that a renewal would find something lost. Without it, renewals come within each second. */
  readonly changes?: Observable<unknown>;

  /**
   * Takes a slot, or says which bound is in the way; the widest is named first (total, address, user). Exact, also if
   * processes ask at the same time: there are never more live leases than the limit lets in.
   */
  acquire(request: LeaseRequest): LeaseOutcome | Promise<LeaseOutcome>;

  /** Keeps all leases of this process alive. */
  renew(): Promise<LeaseRenewal>;

  /**
   * Makes the shared state say what this process holds, whatever the limits: adds what is missing, and drops leases of
   * this process that are older than {@link ttlMs} and not held. Younger ones may just be being taken.
   */
  restore(held: Iterable<HeldLease>): Promise<void>;

  /** Gives leases of this process back; ids that are none do nothing. */
  release(ids: readonly string[]): Promise<void>;
}
