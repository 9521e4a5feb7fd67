import type { SseIdentity, SseSettings } from '../sse-options.js';

/** Which bound a further connection would break. */
export type LimitBreach = 'user' | 'address' | 'total';

/** Counts open streams per user, per address and in all. */
export class ConnectionLimits {
  private readonly users = new Map<string, number>();
  private readonly addresses = new Map<string, number>();
  private total = 0;

  constructor(
    private readonly settings: Pick<SseSettings, 'connectionsPerUser' | 'connectionsPerAddress' | 'connectionsTotal'>,
  ) {}

  /** The bound that one more connection would break, if any; the widest first. */
  breachBy({ user, address }: SseIdentity): LimitBreach | undefined {
    if (this.total >= this.settings.connectionsTotal) return 'total';
    if ((this.addresses.get(address) ?? 0) >= this.settings.connectionsPerAddress) return 'address';
    if (user !== undefined && (this.users.get(user) ?? 0) >= this.settings.connectionsPerUser) return 'user';
    return undefined;
  }

  /** Takes a slot, whatever the bounds; answers with what gives it back, once however often it is called. */
  take({ user, address }: SseIdentity): () => void {
    this.count(user, address, 1);
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      this.count(user, address, -1);
    };
  }

  private count(user: string | undefined, address: string, by: 1 | -1): void {
    this.total += by;
    add(this.addresses, address, by);
    if (user !== undefined) add(this.users, user, by);
  }
}

function add(counts: Map<string, number>, key: string, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
}
