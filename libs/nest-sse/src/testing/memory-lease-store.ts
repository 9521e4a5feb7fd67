import { filter, Subject } from 'rxjs';
import { systemClock, type SseClock } from '../clock.js';
import type {
  ConnectionLeases,
  HeldLease,
  LeaseOutcome,
  LeaseRenewal,
  LeaseRequest,
  LimitBreach,
} from '../cluster/connection-leases.js';

interface StoredLease {
  id: string;
  user: string | undefined;
  address: string;
  since: number;
  node: string;
}

interface StoredNode {
  expiresAt: number;
  lost: string[];
  isForgotten: boolean;
}

/** How a {@link MemoryLeaseStore} counts. */
export interface MemoryLeaseStoreOptions {
  /** Default: the machine's. */
  clock?: SseClock;
  /** Default 15 000. */
  ttlMs?: number;
}

/**
 * Leases for several applications in one process: what the shared database is to processes, for tests of how an app
 * behaves where limits hold across nodes.
 */
export class MemoryLeaseStore {
  private readonly clock: SseClock;
  private readonly ttlMs: number;
  private readonly leases = new Map<string, StoredLease>();
  private readonly nodes = new Map<string, StoredNode>();
  private readonly evicted = new Subject<string>();
  private nodeCount = 0;

  constructor({ clock = systemClock, ttlMs = 15_000 }: MemoryLeaseStoreOptions = {}) {
    this.clock = clock;
    this.ttlMs = ttlMs;
  }

  /** The leases of one more node: the option `leases` of its `SseModule`. */
  node(): ConnectionLeases {
    const name = String((this.nodeCount += 1));
    return {
      ttlMs: this.ttlMs,
      changes: this.evicted.pipe(filter((node) => node === name)),
      acquire: (request) => this.acquire(name, request),
      renew: async () => this.renew(name),
      restore: async (held) => this.restore(name, held),
      release: async (ids) => this.release(name, ids),
    };
  }

  /** Loses everything, as a database does that is set up anew. */
  clear(): void {
    this.leases.clear();
    for (const node of this.nodes.values()) Object.assign(node, { lost: [], isForgotten: true });
  }

  private acquire(node: string, { id, user, address, limits, onLimit }: LeaseRequest): LeaseOutcome {
    const live = [...this.leases.values()].filter((it) => this.isAlive(it.node));
    const ofUser = live.filter((it) => user !== undefined && it.user === user).sort((a, b) => a.since - b.since);
    const taken: [LimitBreach, number][] = [
      ['total', live.length],
      ['address', live.filter((it) => it.address === address).length],
      ['user', onLimit === 'close-oldest' ? 0 : ofUser.length],
    ];
    const breach = taken.find(([bound, count]) => count >= limits[bound]);
    if (breach) return { isGranted: false, breach: breach[0] };
    const evicted = ofUser.slice(0, Math.max(0, ofUser.length - limits.user + 1));
    for (const lease of evicted) this.evict(lease, node);
    this.leases.set(id, { id, user, address, since: this.clock.now(), node });
    this.keepAlive(node);
    return { isGranted: true, evicted: evicted.map((lease) => lease.id) };
  }

  private evict({ id, node }: StoredLease, by: string): void {
    this.leases.delete(id);
    if (node === by) return;
    this.nodes.get(node)?.lost.push(id);
    this.evicted.next(node);
  }

  private renew(name: string): LeaseRenewal {
    const { lost, isForgotten } = this.keepAlive(name);
    return { lost: lost.splice(0), isKnown: !isForgotten };
  }

  private restore(name: string, held: Iterable<HeldLease>): void {
    const nowMs = this.clock.now();
    const ids = new Set<string>();
    for (const { id, user, address, ageMs } of held) {
      ids.add(id);
      if (!this.leases.has(id)) this.leases.set(id, { id, user, address, since: nowMs - ageMs, node: name });
    }
    for (const { id, node, since } of this.leases.values()) {
      if (node === name && !ids.has(id) && nowMs - since > this.ttlMs) this.leases.delete(id);
    }
    this.keepAlive(name).isForgotten = false;
  }

  private release(name: string, ids: readonly string[]): void {
    for (const id of ids) if (this.leases.get(id)?.node === name) this.leases.delete(id);
  }

  private keepAlive(name: string): StoredNode {
    const node = this.nodes.get(name) ?? { expiresAt: 0, lost: [], isForgotten: false };
    node.expiresAt = this.clock.now() + this.ttlMs;
    this.nodes.set(name, node);
    return node;
  }

  private isAlive(name: string): boolean {
    return (this.nodes.get(name)?.expiresAt ?? 0) > this.clock.now();
  }
}
