import { randomUUID } from 'node:crypto';
import { Observable } from 'rxjs';
import type {
  ConnectionLeases,
  HeldLease,
  LeaseOutcome,
  LeaseRenewal,
  LeaseRequest,
} from '../cluster/connection-leases.js';
import { schemaPrefix, type LeaseTableOptions } from './lease-table.js';

/** What is needed of a database client: `pg.Pool`, `pg.Client` and PGlite fit as they are. */
export interface LeaseDatabase {
  query(text: string, values: unknown[]): Promise<{ rows: unknown[] }>;
}

/**
 * Listens to a PostgreSQL channel and answers with what ends that. `pglite.listen` fits as it is; over `pg` it is a
 * client of its own, with `LISTEN` and its event `notification`. Where it falls silent, renewals find the same, each third
 * of the lifetime.
 */
export type LeaseListener = (channel: string, onNotified: (payload: string) => void) => Promise<() => unknown>;

/** Options of {@link PostgresConnectionLeases}. */
export interface PostgresLeaseOptions extends LeaseTableOptions {
  /** Where `createLeaseTable()` was run. Over PgBouncer, any mode of pooling will do. */
  database: LeaseDatabase;
  /** See {@link ConnectionLeases.ttlMs}. Default 15 000. */
  ttlMs?: number;
  /** Lets a stream whose slot was taken end at once instead of within a second, and renewals be less frequent. */
  listen?: LeaseListener;
}

const CHANNEL = 'sse_leases';
/** Leases sent in one statement when all of them are: about 100 kB, so that the event loop is not held up. */
const RESTORE_BATCH = 1000;

/**
 * {@link ConnectionLeases} in PostgreSQL or PGlite: limits that hold in all processes of a database. Taking a slot is one
 * statement; a renewal writes one row, however many streams there are. One object is one process: give it to one
 * `SseModule`.
 */
export class PostgresConnectionLeases implements ConnectionLeases {
  readonly ttlMs: number;
  readonly changes?: Observable<unknown>;

  private readonly node = randomUUID();
  private readonly database: LeaseDatabase;
  private readonly prefix: string;
  private isRegistered = false;
  private wasForgotten = false;
  private round = 0;

  constructor({ database, ttlMs = 15_000, listen, ...table }: PostgresLeaseOptions) {
    if (!(Number.isSafeInteger(ttlMs) && ttlMs >= 1)) {
      throw new TypeError(`ttlMs is a whole number from 1, not ${ttlMs}.`);
    }
    this.database = database;
    this.ttlMs = ttlMs;
    this.prefix = schemaPrefix(table);
    if (listen) this.changes = this.hints(listen);
  }

  async acquire({ id, user, address, limits, onLimit }: LeaseRequest): Promise<LeaseOutcome> {
    const bounds = [bound(limits.total), bound(limits.address), bound(limits.user)];
    const values = [this.node, this.ttlMs, id, user ?? null, address, ...bounds, onLimit === 'close-oldest'];
    const answer = (await this.call('acquire', values)) as
      { breach: 'user' | 'address' | 'total' } | { breach?: never; evicted: string[]; isNew: boolean };
    if (answer.breach !== undefined) return { isGranted: false, breach: answer.breach };
    // The process was thought dead, or the tables were emptied: the next renewal asks for what else it holds.
    if (answer.isNew && this.isRegistered) this.wasForgotten = true;
    this.isRegistered = true;
    return { isGranted: true, evicted: answer.evicted };
  }

  async renew(): Promise<LeaseRenewal> {
    const { lost, isKnown } = (await this.call('renew', [this.node, this.ttlMs])) as LeaseRenewal;
    return { lost, isKnown: isKnown && !this.wasForgotten };
  }

  async restore(held: Iterable<HeldLease>): Promise<void> {
    const round = (this.round += 1);
    const batch: object[] = [];
    const send = (isLast: boolean): Promise<unknown> =>
      this.call('restore', [this.node, this.ttlMs, round, JSON.stringify(batch.splice(0)), isLast]);
    for (const { id, user, address, ageMs } of held) {
      batch.push({ id, user, address, age: ageMs });
      if (batch.length >= RESTORE_BATCH) await send(false);
    }
    await send(true);
    this.isRegistered = true;
    this.wasForgotten = false;
  }

  async release(ids: readonly string[]): Promise<void> {
    await this.call('release', [this.node, JSON.stringify(ids)]);
  }

  private async call(name: string, values: unknown[]): Promise<unknown> {
    const places = values.map((_, index) => `$${index + 1}`).join(', ');
    const text = `SELECT ${this.prefix}sse_lease_${name}_v1(${places}) AS answer`;
    const { rows } = await this.database.query(text, values);
    const { answer } = rows[0] as { answer: unknown };
    return typeof answer === 'string' && answer !== '' ? JSON.parse(answer) : answer;
  }

  private hints(listen: LeaseListener): Observable<unknown> {
    return new Observable((subscriber) => {
      const listening = listen(CHANNEL, (payload) => {
        if (payload === this.node) subscriber.next(payload);
      });
      listening.catch((error: unknown) => subscriber.error(error));
      return () => {
        // A failure to begin was told above; one to end is a connection that is gone, and listens no more.
        listening.then((stop) => stop()).catch(() => undefined);
      };
    });
  }
}

/** `null` is no bound. */
function bound(limit: number): number | null {
  return limit >= Number.MAX_SAFE_INTEGER ? null : limit;
}
