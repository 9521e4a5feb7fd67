import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Kysely } from 'kysely';
import type { AccountsTables } from './accounts-tables.js';
import { FirstSignIn } from './index.js';
import {
  type AccountsApp,
  DATABASE_START_MS,
  emptyAccounts,
  openAccountsApp,
  openAccountsDatabase,
  SetClock,
} from './testing/open-accounts-app.js';

const ORIGIN = 'https://plan.example.org';
const NAMED = { adminEmail: 'Boss@Example.org', adminPassword: 'the first password' };
const MINUTE_MS = 60_000;

let db: Kysely<AccountsTables>;
let clock: SetClock;
let opened: AccountsApp[] = [];

beforeAll(async () => {
  db = await openAccountsDatabase();
  clock = new SetClock();
}, DATABASE_START_MS);
afterEach(async () => {
  await stop();
  await emptyAccounts(db);
});
afterAll(() => db.destroy());

async function start(config: object = {}): Promise<AccountsApp & { link: string | undefined }> {
  const one = await openAccountsApp(db, { clock, config });
  opened.push(one);
  return { ...one, link: await one.app.get(FirstSignIn).createLink(ORIGIN) };
}

async function stop(): Promise<void> {
  for (const one of opened) await one.close();
  opened = [];
}

const tokenOf = (link: string | undefined): string => new URL(link ?? ORIGIN).searchParams.get('token') ?? '';
const users = async (): Promise<{ email: string; role: string }[]> =>
  db.selectFrom('app_user').select(['email', 'role']).orderBy('created_at').execute();

describe('a start without a named admin', () => {
  it('makes an admin, and a link that signs it in once', async () => {
    const { http, link } = await start();
    expect(link).toMatch(/^https:\/\/plan\.example\.org\/sign-in\?token=[\w-]{43}$/);
    expect(await users()).toEqual([{ email: 'admin@localhost', role: 'admin' }]);
    const response = await http.post('/session').send({ token: tokenOf(link) });
    expect(response.status).toBe(204);
    const cookie = (response.headers['set-cookie'] as unknown as string[])[0]?.split(';')[0] ?? '';
    const who = await http.get('/session').set('Cookie', cookie).expect(200);
    expect(who.body).toMatchObject({ user: { email: 'admin@localhost', role: 'admin' } });
    const again = await http
      .post('/session')
      .send({ token: tokenOf(link) })
      .expect(401);
    expect(again.body).toMatchObject({ code: 'invalid_credentials' });
  });

  it('makes a link that is good for 15 minutes', async () => {
    const first = await start();
    clock.advance(15 * MINUTE_MS - 1);
    const second = await first.app.get(FirstSignIn).createLink(ORIGIN);
    clock.advance(1);
    await first.http
      .post('/session')
      .send({ token: tokenOf(first.link) })
      .expect(401);
    await first.http
      .post('/session')
      .send({ token: tokenOf(second) })
      .expect(204);
  });

  it('makes a new link each time until somebody has signed in, for the same admin', async () => {
    const first = await start();
    await stop();
    const second = await start();
    expect(tokenOf(second.link)).not.toBe(tokenOf(first.link));
    expect(await users()).toHaveLength(1);
    await second.http
      .post('/session')
      .send({ token: tokenOf(second.link) })
      .expect(204);
    await stop();
    expect((await start()).link).toBeUndefined();
  });

  it('makes no link after a sign-in whose session is long over', async () => {
    const first = await start();
    await first.http
      .post('/session')
      .send({ token: tokenOf(first.link) })
      .expect(204);
    await db.deleteFrom('session').execute();
    await stop();
    expect((await start()).link).toBeUndefined();
  });

  it('lets the use of one link end the others of the same user', async () => {
    const first = await start();
    const second = await start();
    await first.http
      .post('/session')
      .send({ token: tokenOf(first.link) })
      .expect(204);
    await second.http
      .post('/session')
      .send({ token: tokenOf(second.link) })
      .expect(401);
  });

  it('keeps no link in the database as it is', async () => {
    const { link } = await start();
    expect(JSON.stringify(await db.selectFrom('sign_in_link').selectAll().execute())).not.toContain(tokenOf(link));
  });

  it('gives admin@localhost no password to guess', async () => {
    const { http } = await start();
    await http.post('/session').send({ email: 'admin@localhost', password: 'admin' }).expect(401);
  });
});

describe('a start with a named admin', () => {
  it('adds the account, and makes no link', async () => {
    const { http, link } = await start(NAMED);
    expect(link).toBeUndefined();
    expect(await users()).toEqual([{ email: 'boss@example.org', role: 'admin' }]);
    await http.post('/session').send({ email: 'boss@example.org', password: NAMED.adminPassword }).expect(204);
  });

  it('leaves an account that is there alone, its password too', async () => {
    await start(NAMED);
    await stop();
    const { http } = await start({ ...NAMED, adminPassword: 'another password' });
    expect(await users()).toHaveLength(1);
    await http.post('/session').send({ email: 'boss@example.org', password: 'another password' }).expect(401);
    await http.post('/session').send({ email: 'boss@example.org', password: NAMED.adminPassword }).expect(204);
  });

  it('adds it beside the unnamed one of an earlier start', async () => {
    await start();
    await stop();
    clock.advance(1);
    await start(NAMED);
    expect(await users()).toEqual([
      { email: 'admin@localhost', role: 'admin' },
      { email: 'boss@example.org', role: 'admin' },
    ]);
  });
});
