import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { RunDefinition } from '../definition/run-definition.js';
import { InProcessSignals } from '../signals/in-process-signals.js';
import { PostgresSignals, type ListenClient } from '../signals/postgres-signals.js';
import type { RunSignals } from '../signals/run-signals.js';
import { closeTestDatabases, openTestDatabase, TEST_BACKENDS, type TestDatabase } from '../testing/index.js';
import { makeGate, readLog, startRunNode, untilStatus, type RunNode } from '../testing/run-node.js';

jest.setTimeout(30_000);
afterAll(closeTestDatabases);

/** Signals that never arrive. */
const deaf: RunSignals = { notify: async () => undefined, listen: async () => async () => undefined };

/** Signals whose hints come twice, in the wrong order, and among nonsense. */
class Chaos implements RunSignals {
  private readonly inner = new InProcessSignals();

  async notify(payloads: readonly string[]): Promise<void> {
    const chaos = [...payloads, 'run:', 'nonsense', 'run:x:y', ...payloads, 'run:nobody:7'].reverse();
    await this.inner.notify(chaos);
    await this.inner.notify(payloads.map((payload) => payload.replace(/\d+$/, '1')));
  }

  listen(handler: (payload: string) => void): Promise<() => Promise<void>> {
    return this.inner.listen(handler);
  }
}

describe.each(TEST_BACKENDS)('on %s', (backend) => {
  let database: TestDatabase;
  const nodes: RunNode[] = [];
  beforeAll(async () => {
    database = await openTestDatabase(backend);
  });
  afterAll(async () => {
    for (const node of nodes) await node.stop();
  });

  async function pair(kind: string, definition: RunDefinition, signals: RunSignals): Promise<[RunNode, RunNode]> {
    const options = { signals, pollIntervalMs: 50 };
    const worker = await startRunNode(database, { [kind]: definition }, options);
    const other = await startRunNode(
      database,
      { [kind]: definition },
      { ...options, workers: false, isEmbedded: false },
    );
    nodes.push(worker, other);
    return [worker, other];
  }

  it('reaches readers on other nodes, and workers, although every hint is lost', async () => {
    const began = makeGate();
    const hanging: RunDefinition = {
      steps: [{ id: 'a', title: 'A', run: () => (began.open(), new Promise(() => undefined)) }],
    };
    const [, other] = await pair('deaf', hanging, deaf);
    const { run } = await other.runs.start('deaf', {}, { owner: 'o', subject: randomUUID() });
    await began.opened;
    expect((await untilStatus(other.runs, run.id, 'running')).status).toBe('running');
    await other.runs.cancel(run.id);
    expect(await untilStatus(other.runs, run.id, 'cancelled')).toMatchObject({ attempt: 1 });
  });

  it('reaches readers of a feed on other nodes although every hint is lost', async () => {
    const owner = randomUUID();
    const [worker, other] = await pair('deaf-feed', { steps: [{ id: 'a', title: 'A', run: () => ({}) }] }, deaf);
    const seen = makeGate();
    const subscription = other.runs.feed(owner).changes.subscribe((cursor) => cursor === '3' && seen.open());
    await worker.runs.start('deaf-feed', {}, { owner, subject: randomUUID() });
    await seen.opened;
    subscription.unsubscribe();
    expect(await other.runs.feed(owner).tail()).toMatchObject({ cursor: '3' });
  });

  it('gives each message once and in order although hints are doubled, late and wrong', async () => {
    const talkative: RunDefinition = {
      steps: [
        {
          id: 'a',
          title: 'A',
          run: async ({ emit }) => {
            for (let n = 1; n <= 30; n += 1) await emit({ event: 'section', data: { section: 's', content: n } });
            return {};
          },
        },
      ],
    };
    const [worker, other] = await pair('chaos', talkative, new Chaos());
    const { run } = await worker.runs.start('chaos', {}, { owner: 'o', subject: randomUUID() });
    const log = other.runs.events(run.id);
    const seen: string[] = [];
    await new Promise<void>((resolve, reject) => {
      let reading: Promise<unknown> = Promise.resolve();
      const read = async (): Promise<void> => {
        for (let more = true; more;) {
          const page = await log.readAfter(seen.at(-1), 5);
          seen.push(...page.events.map(({ id }) => id));
          more = page.more;
          if (page.ended && !more) return resolve();
        }
      };
      log.changes.subscribe(() => void (reading = reading.then(read).catch(reject)));
      void (reading = reading.then(read).catch(reject));
    });
    const all = await readLog(worker.runs.events(run.id));
    expect(seen).toEqual(all.map(({ id }) => id));
    expect(seen).toEqual(Array.from({ length: all.length }, (_, index) => String(index + 1)));
  });

  it('is not cancelled by a hint that comes late, after a retry', async () => {
    const gate = makeGate();
    const again = makeGate();
    const waiting: RunDefinition = {
      steps: [
        {
          id: 'a',
          title: 'A',
          run: async ({ attempt }) => {
            if (attempt === 1) throw new Error('first');
            again.open();
            await gate.opened;
            return {};
          },
        },
      ],
    };
    const [worker] = await pair('late', waiting, new InProcessSignals());
    const { run } = await worker.runs.start('late', {}, { owner: 'o', subject: randomUUID() });
    await untilStatus(worker.runs, run.id, 'failed');
    await worker.runs.retry(run.id);
    await again.opened;
    worker.runtime.hints.runNeedsCheck(run.id);
    await worker.runs.snapshot(run.id);
    gate.open();
    expect(await untilStatus(worker.runs, run.id, 'succeeded')).toMatchObject({ attempt: 2 });
  });
});

describe('PostgresSignals', () => {
  let database: TestDatabase;
  const clients: ListenClient[] = [];
  const open: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    database = await openTestDatabase('postgres', { migrate: false });
  });
  afterAll(async () => {
    for (const stop of open) await stop();
  });

  async function connect(): Promise<ListenClient> {
    const { Client } = (await import('pg')).default;
    const client = new Client({ connectionString: database.connectionString });
    await client.connect();
    clients.push(client);
    return client;
  }

  it('reaches every node, the sender too', async () => {
    const nodes = [new PostgresSignals({ connect }), new PostgresSignals({ connect })];
    const heard: string[] = [];
    const all = makeGate();
    for (const node of nodes) {
      open.push(await node.listen((payload) => heard.push(payload) === 4 && all.open()));
    }
    await nodes[0]?.notify(['other', 'run:ä"\':7']);
    await all.opened;
    expect(heard.toSorted()).toEqual(['other', 'other', 'run:ä"\':7', 'run:ä"\':7']);
  });

  it('listens again after its connection was lost', async () => {
    const lost = makeGate();
    const heard = makeGate();
    const signals = new PostgresSignals({ connect, onDisconnect: lost.open, maxReconnectDelayMs: 20 });
    open.push(await signals.listen((payload) => payload === 'hello' && heard.open()));
    const mine = clients.at(-1) as unknown as { processID: number };
    const killer = await connect();
    await killer.query('select pg_terminate_backend($1)', [mine.processID]);
    await lost.opened;
    await expect(signals.notify(['x'])).rejects.toThrow('connection');
    const timer = setInterval(() => void signals.notify(['hello']).catch(() => undefined), 20);
    await heard.opened;
    clearInterval(timer);
    await killer.end();
  });

  it('rejects when the first connection can not be opened', async () => {
    const signals = new PostgresSignals({ connect: () => Promise.reject(new Error('refused')) });
    await expect(signals.listen(() => undefined)).rejects.toThrow('refused');
    expect(() => new PostgresSignals({ connect, channel: 'x; drop' })).toThrow(RangeError);
  });
});
