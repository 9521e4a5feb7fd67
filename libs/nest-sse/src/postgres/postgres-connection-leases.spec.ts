import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { PGlite } from '@electric-sql/pglite';
import { Controller } from '@nestjs/common';
import pg from 'pg';
import { NEVER, type Observable } from 'rxjs';
import { SseStream, type SseEvent } from '../index.js';
import { MemoryLeaseStore, registerConnectionLeasesTests, TestClock, type SseTestClient } from '../testing/index.js';
import { startStreamApp, type StreamApp } from '../testing/stream-app.js';
import {
  createLeaseTable,
  PostgresConnectionLeases,
  type LeaseDatabase,
  type LeaseListener,
  type PostgresLeaseOptions,
} from './index.js';
import { startPostgres, type PostgresServer } from './testing/postgres-server.js';

@Controller()
class FeedController {
  @SseStream('feed')
  feed(): Observable<SseEvent> {
    return NEVER;
  }
}

const none = Number.MAX_SAFE_INTEGER;
const unbounded = { user: none, address: none, total: none };
const limits = { ...unbounded, user: 1 };
const asked = { user: 'ann', address: 'a', limits, onLimit: 'reject' } as const;

function pairOf(options: PostgresLeaseOptions): [PostgresConnectionLeases, PostgresConnectionLeases] {
  return [new PostgresConnectionLeases(options), new PostgresConnectionLeases(options)];
}

const silenceFirst = async (database: LeaseDatabase): Promise<void> => {
  const first = '(SELECT node FROM sse_leases ORDER BY since LIMIT 1)';
  await database.query(`UPDATE sse_lease_nodes SET expires_at = clock_timestamp() WHERE id = ${first}`, []);
};
const forget = async (database: LeaseDatabase): Promise<void> => {
  await database.query('TRUNCATE sse_leases, sse_lease_nodes', []);
};

registerConnectionLeasesTests('MemoryLeaseStore', () => {
  const clock = new TestClock();
  const store = new MemoryLeaseStore({ clock });
  const nodes = [store.node(), store.node()] as const;
  const silence = async (): Promise<void> => {
    clock.advance(nodes[0].ttlMs - 1);
    await nodes[1].renew();
    clock.advance(2);
  };
  return { nodes, silenceFirst: silence, forget: () => store.clear() };
});

describe('on PGlite', () => {
  let database: PGlite;
  beforeAll(async () => {
    database = await PGlite.create();
    await database.query(createLeaseTable(), []);
  });
  afterAll(() => database.close());

  registerConnectionLeasesTests('PostgresConnectionLeases', async () => {
    await forget(database);
    const nodes = pairOf({ database, listen: (channel, onNotified) => database.listen(channel, onNotified) });
    return { nodes, silenceFirst: () => silenceFirst(database), forget: () => forget(database) };
  });
});

describe('on PostgreSQL', () => {
  let server: PostgresServer;
  let pool: pg.Pool;
  beforeAll(async () => {
    server = await startPostgres();
    pool = new pg.Pool({ connectionString: server.url, max: 8 });
    // The server stops while connections of the pool are being closed.
    pool.on('error', () => undefined);
    await pool.query(createLeaseTable());
  });
  afterAll(async () => {
    await pool.end();
    await server.stop();
  });
  afterEach(() => forget(pool));

  const listen: LeaseListener = async (channel, onNotified) => {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    client.on('notification', ({ payload = '' }) => onNotified(payload));
    await client.query(`LISTEN ${channel}`);
    return () => client.end();
  };

  registerConnectionLeasesTests('PostgresConnectionLeases', () => ({
    nodes: pairOf({ database: pool, listen }),
    silenceFirst: () => silenceFirst(pool),
    forget: () => forget(pool),
  }));

  it('makes its tables again and again, also at once, in a schema too', async () => {
    await pool.query('CREATE SCHEMA IF NOT EXISTS streams');
    const statement = createLeaseTable({ schema: 'streams' });
    await Promise.all(Array.from({ length: 6 }, () => pool.query(statement)));
    const leases = new PostgresConnectionLeases({ database: pool, schema: 'streams' });
    expect(await leases.acquire({ ...asked, id: '1' })).toMatchObject({ isGranted: true });
    expect((await pool.query('SELECT id FROM streams.sse_leases')).rows).toEqual([{ id: '1' }]);
    expect(await leases.acquire({ ...asked, id: '2' })).toEqual({ isGranted: false, breach: 'user' });
    await pool.query('DROP SCHEMA streams CASCADE');
  });

  it.each(['a b', 'x;DROP', 'Upper', '1st', ''])('refuses %j as the name of a schema', (schema) => {
    expect(() => createLeaseTable({ schema })).toThrow(TypeError);
    expect(() => new PostgresConnectionLeases({ database: pool, schema })).toThrow(TypeError);
  });

  it('refuses a lifetime that is none', () => {
    expect(() => new PostgresConnectionLeases({ database: pool, ttlMs: 0 })).toThrow('ttlMs is a whole number from 1');
  });

  it("gives a silent process's slots back after its lifetime, and clears it away", async () => {
    const silent = new PostgresConnectionLeases({ database: pool, ttlMs: 200 });
    const other = new PostgresConnectionLeases({ database: pool, ttlMs: 200 });
    await silent.acquire({ ...asked, id: '1' });
    const startedAt = performance.now();
    let attempts = 0;
    while (!(await other.acquire({ ...asked, id: `other-${(attempts += 1)}` })).isGranted) await other.renew();
    const waitedMs = performance.now() - startedAt;
    expect(waitedMs).toBeGreaterThan(100);
    expect(waitedMs).toBeLessThan(2000);
    expect(attempts).toBeGreaterThan(1);
    const count = async () => (await pool.query<{ n: number }>('SELECT count(*)::int AS n FROM sse_leases')).rows[0]?.n;
    while ((await count()) !== 1) await other.renew();
    expect((await pool.query('SELECT held::int FROM sse_lease_nodes')).rows).toEqual([{ held: 1 }]);
  });

  it('says what is wrong where transactions see old snapshots, since counts would be too', async () => {
    const strict = new pg.Pool({
      connectionString: server.url,
      max: 1,
      options: '-c default_transaction_isolation=serializable',
    });
    const leases = new PostgresConnectionLeases({ database: strict });
    await expect(leases.acquire({ ...asked, id: '1' })).rejects.toThrow('READ COMMITTED');
    await strict.end();
  });

  it.each(['user', 'address', 'total'] as const)('waits for who may be taking the last slot by %s', async (kind) => {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    const request = { ...asked, limits: { ...unbounded, [kind]: 1 } };
    await client.query('BEGIN');
    const first = await new PostgresConnectionLeases({ database: client }).acquire({ ...request, id: '1' });
    expect(first.isGranted).toBe(true);
    const outcome = { isThere: false };
    const second = new PostgresConnectionLeases({ database: pool }).acquire({ ...request, id: '2' });
    void second.finally(() => (outcome.isThere = true));
    const waiting = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
    while (!outcome.isThere && (await pool.query(waiting)).rows.length === 0);
    await client.query('COMMIT');
    expect(await second).toEqual({ isGranted: false, breach: kind });
    await client.end();
  });

  it('holds limits between two applications, and ends what another took within a second', async () => {
    const start = () =>
      startStreamApp({
        options: {
          leases: new PostgresConnectionLeases({ database: pool }),
          connectionsPerUser: 3,
          onLimit: 'close-oldest',
          identify: ({ headers }) => ({ user: String(headers['x-user']), address: 'a' }),
        },
        controllers: [FeedController],
      });
    const [one, two] = [await start(), await start()];
    const open = async (node: StreamApp, user: string): Promise<SseTestClient> => {
      const client = await node.open('/feed', { headers: { 'x-user': user } });
      await client.next('stream.open');
      return client;
    };
    const first = await open(one, 'ann');
    const others = await Promise.all([open(one, 'bob'), open(two, 'ann'), open(two, 'ann')]);
    await open(two, 'ann');
    const startedAt = performance.now();
    expect((await first.next('stream.close')).data.reason).toBe('superseded');
    expect(performance.now() - startedAt).toBeLessThan(1100);
    expect(others.some(({ isClosed }) => isClosed)).toBe(false);
    await Promise.all([one.close(), two.close()]);
    expect((await pool.query('SELECT id FROM sse_leases')).rows).toEqual([]);
  });

  it('deadlocks nobody while everybody takes, replaces, gives back, renews and restores', async () => {
    const nodes = [...pairOf({ database: pool }), ...pairOf({ database: pool })];
    const work = async (node: PostgresConnectionLeases, index: number): Promise<void> => {
      let own: string[] = [];
      for (let round = 0; round < 40; round += 1) {
        const id = `${index}-${round}`;
        const user = `u${round % 3}`;
        const bounds = { user: 2, address: 50, total: 60 };
        await node.acquire({ id, user, address: `a${round % 2}`, limits: bounds, onLimit: 'close-oldest' });
        own.push(id);
        const { lost } = await node.renew();
        own = own.filter((each) => !lost.includes(each));
        if (round % 5 === 0) {
          await Promise.all([
            node.restore(own.map((each) => ({ id: each, user, address: 'a0', ageMs: 0 }))),
            node.release(own.splice(0, 2).reverse()),
          ]);
        }
      }
      await node.release(own);
    };
    await Promise.all(nodes.flatMap((node, index) => [work(node, index * 2), work(node, index * 2 + 1)]));
    const { rows } = await pool.query(
      'SELECT n.held::int AS held, (SELECT count(*)::int FROM sse_leases l WHERE l.node = n.id) AS rows FROM sse_lease_nodes n',
    );
    expect(rows).toHaveLength(4);
    for (const { held, rows: counted } of rows) expect(held).toBe(counted);
  });
});
