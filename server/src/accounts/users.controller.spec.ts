import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Kysely } from 'kysely';
import type { AccountsTables } from './accounts-tables.js';
import { SessionEnds, UserAccounts, type UserInfo } from './index.js';
import {
  type AccountsApp,
  DATABASE_START_MS,
  emptyAccounts,
  openAccountsApp,
  openAccountsDatabase,
  SetClock,
} from './testing/open-accounts-app.js';

const BOB = { email: 'bob@example.org', password: 'correct horse', role: 'member' } as const;

let db: Kysely<AccountsTables>;
let clock: SetClock;
let one: AccountsApp;
let admin: { id: string; cookie: string };

beforeAll(async () => {
  db = await openAccountsDatabase();
  clock = new SetClock();
  one = await openAccountsApp(db, { clock });
}, DATABASE_START_MS);
beforeEach(async () => {
  await emptyAccounts(db);
  admin = await one.signIn('admin@example.org', 'admin');
});
afterEach(() => clock.advance(60_000));
afterAll(async () => {
  await one.close();
  await db.destroy();
});

const add = (body: object): ReturnType<AccountsApp['http']['post']> =>
  one.http.post('/users').set('Cookie', admin.cookie).send(body);
const list = async (query: object): Promise<{ items: UserInfo[]; nextCursor?: string }> =>
  (await one.http.get('/users').set('Cookie', admin.cookie).query(query).expect(200)).body as {
    items: UserInfo[];
    nextCursor?: string;
  };

describe('adding a user', () => {
  it('answers 201 with the account, which can sign in', async () => {
    const response = await add({ ...BOB, email: 'Bob@Example.org' }).expect(201);
    expect(response.body).toEqual({
      id: expect.any(String),
      email: BOB.email,
      role: 'member',
      createdAt: clock.now().toISOString(),
    });
    await one.http.post('/session').send({ email: BOB.email, password: BOB.password }).expect(204);
  });

  it('answers 409 where the address is taken, in any case', async () => {
    await add(BOB).expect(201);
    const response = await add({ ...BOB, email: 'BOB@example.org', password: 'another password' }).expect(409);
    expect(response.body).toMatchObject({ code: 'email_taken' });
    await one.http.post('/session').send({ email: BOB.email, password: BOB.password }).expect(204);
  });

  it('takes addresses of hosts without a dot', async () => {
    await add({ ...BOB, email: 'bob@intranet' }).expect(201);
  });

  it.each([
    ['no address', { ...BOB, email: 'bob' }, 'email'],
    ['a number for an address', { ...BOB, email: 7 }, 'email'],
    ['a short password', { ...BOB, password: 'ninechars' }, 'password'],
    ['an endless password', { ...BOB, password: 'x'.repeat(201) }, 'password'],
    ['an unknown role', { ...BOB, role: 'owner' }, 'role'],
    ['an unknown field', { ...BOB, id: 'x' }, 'id'],
    ['no role', { email: BOB.email, password: BOB.password }, 'role'],
  ])('refuses %s with one fault that names the field', async (_, body, path) => {
    const response = await add(body).expect(400);
    expect((response.body as { errors: unknown }).errors).toEqual([
      { path, code: expect.any(String), message: expect.stringMatching(/\.$/) },
    ]);
  });

  it('counts characters, not code units, of a password', async () => {
    await add({ ...BOB, password: '🔑'.repeat(9) }).expect(400);
    await add({ ...BOB, password: '🔑'.repeat(200) }).expect(201);
  });
});

describe('the list of users', () => {
  it('gives everyone once over its pages, oldest first', async () => {
    for (let n = 0; n < 6; n += 1) {
      // Pairs at the same instant: the order needs more than the time.
      if (n % 2 === 0) clock.advance(1);
      await one.app.get(UserAccounts).create({ email: `user${n}@example.org`, role: 'member' });
    }
    const whole = await list({});
    expect(whole.items).toHaveLength(7);
    expect(whole).not.toHaveProperty('nextCursor');
    expect(Object.keys(whole.items[0] ?? {}).sort()).toEqual(['createdAt', 'email', 'id', 'role']);
    const times = whole.items.map(({ createdAt }) => createdAt);
    expect(times).toEqual([...times].sort());
    const paged: UserInfo[] = [];
    let cursor: string | undefined;
    do {
      const page: { items: UserInfo[]; nextCursor?: string } = await list({ limit: 2, ...(cursor && { cursor }) });
      expect(page.items.length).toBeLessThanOrEqual(2);
      paged.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(paged).toEqual(whole.items);
  });

  it('has no next page where the last one is exactly full', async () => {
    expect(await list({ limit: 1 })).toEqual({ items: [expect.objectContaining({ id: admin.id })] });
  });

  const toCursor = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  it.each([
    'garbage',
    toCursor(['yesterday', 'x']),
    toCursor(['+200000-01-01T00:00:00.000Z', 'x']),
    toCursor(['2026-99-01T00:00:00.000Z', 'x']),
    toCursor(['2026-01-01T00:00:00.000Z', '\0']),
  ])('refuses the cursor %s with 400', async (cursor) => {
    const response = await one.http.get('/users').set('Cookie', admin.cookie).query({ cursor }).expect(400);
    expect(response.body).toMatchObject({ code: 'invalid_cursor' });
  });
});

describe('removing a user', () => {
  it('answers 204, ends all its sessions and tells of each', async () => {
    const { body } = await add(BOB).expect(201);
    const { id } = body as UserInfo;
    const sessionIds: string[] = [];
    const cookies: string[] = [];
    for (let n = 0; n < 2; n += 1) {
      const signedIn = await one.http.post('/session').send({ email: BOB.email, password: BOB.password });
      const cookie = (signedIn.headers['set-cookie'] as unknown as string[])[0]?.split(';')[0] ?? '';
      const who = await one.http.get('/probe/closed').set('Cookie', cookie).expect(200);
      sessionIds.push((who.body as { sessionId: string }).sessionId);
      cookies.push(cookie);
    }
    const ended: string[] = [];
    one.app.get(SessionEnds).ended.subscribe((sessionId) => ended.push(sessionId));
    await one.http.delete(`/users/${id}`).set('Cookie', admin.cookie).expect(204);
    expect(ended.sort()).toEqual(sessionIds.sort());
    for (const cookie of cookies) await one.http.get('/session').set('Cookie', cookie).expect(401);
    await one.http.post('/session').send({ email: BOB.email, password: BOB.password }).expect(401);
    await one.http.get('/session').set('Cookie', admin.cookie).expect(200);
  });

  it('answers 404 for one that is not there', async () => {
    for (const id of [randomUUID(), 'x', '%00']) {
      const response = await one.http.delete(`/users/${id}`).set('Cookie', admin.cookie).expect(404);
      expect(response.body).toMatchObject({ code: 'not_found' });
    }
  });

  it('answers 409 for oneself', async () => {
    const response = await one.http.delete(`/users/${admin.id}`).set('Cookie', admin.cookie).expect(409);
    expect(response.body).toMatchObject({ code: 'own_account' });
    await one.http.get('/session').set('Cookie', admin.cookie).expect(200);
  });
});

describe('a member', () => {
  it('is forbidden all of it', async () => {
    const member = await one.signIn('member@example.org', 'member');
    for (const response of [
      await one.http.get('/users').set('Cookie', member.cookie),
      await one.http.post('/users').set('Cookie', member.cookie).send(BOB),
      await one.http.delete(`/users/${admin.id}`).set('Cookie', member.cookie),
    ]) {
      expect([response.status, (response.body as { code: string }).code]).toEqual([403, 'forbidden']);
    }
  });
});
