import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { Kysely } from 'kysely';
import type { AccountsTables } from './accounts-tables.js';
import { ExpiredCleanUp } from './expired-clean-up.js';
import { FirstSignIn, SessionEnds, SessionStore } from './index.js';
import {
  type AccountsApp,
  DATABASE_START_MS,
  emptyAccounts,
  openAccountsApp,
  openAccountsDatabase,
  SetClock,
} from './testing/open-accounts-app.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

let db: Kysely<AccountsTables>;
let clock: SetClock;
let one: AccountsApp;

beforeAll(async () => {
  db = await openAccountsDatabase();
}, DATABASE_START_MS);
beforeEach(async () => {
  clock = new SetClock();
  one = await openAccountsApp(db, { clock });
});
afterEach(async () => {
  Logger.overrideLogger(['log', 'error', 'warn']);
  await one.close();
  await emptyAccounts(db);
});
afterAll(() => db.destroy());

const rowsOf = async (table: keyof AccountsTables): Promise<number> =>
  (await db.selectFrom(table).selectAll().execute()).length;
const cleanUp = (): Promise<void> => one.app.get(ExpiredCleanUp).run();

describe('the clean-up', () => {
  it('removes tickets, links and sessions when they have expired and not before', async () => {
    const { cookie } = await one.signIn();
    await one.http.post('/stream-tickets').set('Cookie', cookie).expect(201);
    await db.updateTable('app_user').set({ last_signed_in_at: null }).execute();
    await one.app.get(FirstSignIn).createLink('http://127.0.0.1');
    const counts = async (): Promise<number[]> => [
      await rowsOf('stream_ticket'),
      await rowsOf('sign_in_link'),
      await rowsOf('session'),
    ];
    await cleanUp();
    expect(await counts()).toEqual([1, 1, 1]);
    clock.advance(30_000);
    await cleanUp();
    expect(await counts()).toEqual([0, 1, 1]);
    clock.advance(15 * MINUTE_MS);
    await cleanUp();
    expect(await counts()).toEqual([0, 0, 1]);
    clock.advance(30 * DAY_MS);
    await cleanUp();
    expect(await counts()).toEqual([0, 0, 0]);
    expect(await rowsOf('app_user')).toBe(2);
  });

  it('tells of the sessions that expired, so that what they hold open closes', async () => {
    const old = await one.signIn('old@example.org');
    clock.advance(10 * DAY_MS);
    const fresh = await one.signIn('fresh@example.org');
    const { id } = await db.selectFrom('session').select('id').where('user_id', '=', old.id).executeTakeFirstOrThrow();
    const ended: string[] = [];
    one.app.get(SessionEnds).ended.subscribe((sessionId) => ended.push(sessionId));
    clock.advance(20 * DAY_MS);
    await cleanUp();
    expect(ended).toEqual([id]);
    await one.http.get('/session').set('Cookie', fresh.cookie).expect(200);
  });

  it('forgets ended sessions after a quarter of an hour of the database', async () => {
    const sessions = one.app.get(SessionStore);
    const now = (await sessions.databaseTime()).getTime();
    await db
      .insertInto('ended_session')
      .values([
        { session_id: 'recent', ended_at: new Date(now - 14 * MINUTE_MS) },
        { session_id: 'old', ended_at: new Date(now - 16 * MINUTE_MS) },
      ])
      .execute();
    await cleanUp();
    expect(await db.selectFrom('ended_session').select('session_id').execute()).toEqual([{ session_id: 'recent' }]);
  });

  it('survives a database that is away, and says so', async () => {
    const errors: unknown[][] = [];
    Logger.overrideLogger({ log: () => undefined, warn: () => undefined, error: (...args) => errors.push(args) });
    await db.schema.alterTable('stream_ticket').renameTo('away').execute();
    await cleanUp();
    await db.schema.alterTable('away').renameTo('stream_ticket').execute();
    expect(errors).toHaveLength(1);
    await cleanUp();
    expect(errors).toHaveLength(1);
  });
});
