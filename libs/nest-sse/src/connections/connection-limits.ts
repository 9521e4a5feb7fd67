import type { LimitBreach } from '../cluster/connection-leases.js';
import type { SseIdentity, SseSettings } from '../sse-options.js';
import type { StreamConnection } from '../stream/stream-connection.js';
import { ConnectionIndex } from './connection-index.js';

type LimitSettings = Pick<SseSettings, 'connectionsPerUser' | 'connectionsPerAddress' | 'connectionsTotal'>;

/** The slots of this process: per user, per address and in all. */
export class ConnectionLimits {
  /** Who has slots, by user. */
  readonly users = new ConnectionIndex<StreamConnection>();
  private readonly addresses = new Map<string, number>();
  private total = 0;

  constructor(private readonly settings: LimitSettings) {}

  /** The bound that one more connection would break, if any; the widest first. */
  breachBy({ user, address }: SseIdentity): LimitBreach | undefined {
    if (this.total >= this.settings.connectionsTotal) return 'total';
    if ((this.addresses.get(address) ?? 0) >= this.settings.connectionsPerAddress) return 'address';
    if (user !== undefined && this.users.count(user) >= this.settings.connectionsPerUser) return 'user';
    return undefined;
  }

  /** Takes a slot, whatever the bounds. */
  take(connection: StreamConnection): void {
    const { user, address } = connection.identity;
    if (user !== undefined) this.users.add(user, connection);
    this.total += 1;
    this.addresses.set(address, (this.addresses.get(address) ?? 0) + 1);
  }

  /** Gives a slot back; that of a user's connection once, however often it is called, that of a guest's each time. */
  giveBack(connection: StreamConnection): void {
    const { user, address } = connection.identity;
    if (user !== undefined && !this.users.delete(user, connection)) return;
    this.total -= 1;
    const count = (this.addresses.get(address) ?? 0) - 1;
    if (count > 0) this.addresses.set(address, count);
    else this.addresses.delete(address);
  }
}
