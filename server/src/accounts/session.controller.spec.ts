import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Kysely } from 'kysely';
import type { AccountsTables } from './accounts-tables.js';
import { SessionEnds, UserAccounts } from './index.js';
import { Passwords } from './passwords.js';
import {
  type AccountsApp,
  DATABASE_START_MS,
  emptyAccounts,
  openAccountsApp,
  openAccountsDatabase,
  SetClock,
} from './testing/open-accounts-app.js';

const EMAIL = 'ada@example.org';
const PASSWORD = 'correct horse battery';
const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
const MONTH_SECONDS = 30 * 24 * 60 * 60;

let db: Kysely<AccountsTables>;
let opened: AccountsApp[] = [];

beforeAll(async () => {
  db = await openAccountsDatabase();
}, DATABASE_START_MS);
afterEach(async () => {
  for (const one of opened) await one.close();
  opened = [];
  await emptyAccounts(db);
});
afterAll(() => db.destroy());

async function open(options?: Parameters<typeof openAccountsApp>[1]): Promise<AccountsApp> {
  const one = await openAccountsApp(db, options);
  opened.push(one);
  return one;
}

/** An app with one account. */
async function openWithAda(options?: Parameters<typeof openAccountsApp>[1]): Promise<AccountsApp> {
  const one = await open(options);
  await one.app.get(UserAccounts).create({ email: EMAIL, password: PASSWORD, role: 'member' });
  return one;
}

const cookiesOf = (response: { headers: Record<string, unknown> }): string[] =>
  (response.headers['set-cookie'] as string[] | undefined) ?? [];

const toCookie = (response: { headers: Record<string, unknown> }): string =>
  cookiesOf(response)[0]?.split(';')[0] ?? '';

describe('signing in', () => {
  it('answers 204 with a cookie that scripts and foreign pages do not get', async () => {
    const { http } = await openWithAda();
    const response = await http.post('/session').send({ email: EMAIL, password: PASSWORD });
    expect(response.status).toBe(204);
    expect(response.headers['cache-control']).toBe('no-store');
    expect(cookiesOf(response)).toEqual([
      expect.stringMatching(
        new RegExp(`^throughline_session=[\\w-]{43}; Max-Age=${MONTH_SECONDS}; Path=/; HttpOnly; SameSite=Lax$`),
      ),
    ]);
  });

  it('marks the cookie Secure where a proxy says that the request came over HTTPS', async () => {
    const { http } = await openWithAda();
    const response = await http
      .post('/session')
      .set('X-Forwarded-Proto', 'https')
      .send({ email: EMAIL, password: PASSWORD });
    expect(cookiesOf(response)[0]).toMatch(/; Secure(;|$)/);
  });

  it('marks the cookie Secure where the public URL is of HTTPS', async () => {
    const { http } = await openWithAda({ config: { publicUrl: 'https://plan.example.org' } });
    const response = await http.post('/session').send({ email: EMAIL, password: PASSWORD });
    expect(cookiesOf(response)[0]).toMatch(/; Secure(;|$)/);
  });

  it('takes the address in any case, with spaces around it', async () => {
    const { http } = await openWithAda();
    await http.post('/session').send({ email: ' ADA@Example.org ', password: PASSWORD }).expect(204);
  });

  it('takes a password however its accents were typed', async () => {
    const { http, app } = await open();
    await app.get(UserAccounts).create({ email: EMAIL, password: 'cre\u0300me bru\u0302le\u0301e', role: 'member' });
    await http.post('/session').send({ email: EMAIL, password: 'cr\u00e8me br\u00fbl\u00e9e' }).expect(204);
  });

  it('answers a wrong password and an unknown address alike, after the same work', async () => {
    const { http, app } = await openWithAda();
    const verify = jest.spyOn(app.get(Passwords), 'verify');
    const wrong = await http.post('/session').send({ email: EMAIL, password: 'not the password' });
    const unknown = await http.post('/session').send({ email: 'eve@example.org', password: 'not the password' });
    expect(wrong.status).toBe(401);
    expect(wrong.type).toBe('application/problem+json');
    expect(wrong.body).toMatchObject({ status: 401, code: 'invalid_credentials' });
    expect(cookiesOf(wrong)).toEqual([]);
    expect([unknown.status, unknown.body]).toEqual([401, wrong.body]);
    expect(verify.mock.calls).toEqual([
      [expect.stringMatching(/^\$argon2id\$/), 'not the password'],
      [undefined, 'not the password'],
    ]);
  });

  it('lets nobody in whose account has no password', async () => {
    const { http, app } = await open();
    await app.get(UserAccounts).create({ email: EMAIL, role: 'member' });
    await http.post('/session').send({ email: EMAIL, password: 'undefined' }).expect(401);
  });

  it.each([
    ['nothing', {}, ['email', 'password']],
    ['an address only', { email: EMAIL }, ['password']],
    ['a number for a password', { email: EMAIL, password: 1234567890 }, ['password']],
    ['text that the database cannot hold', { email: 'a\0@example.org', password: PASSWORD }, ['email']],
    ['an endless password', { email: EMAIL, password: 'x'.repeat(201) }, ['password']],
    ['no token', { token: null }, ['token']],
    ['a password beside a token', { email: EMAIL, password: PASSWORD, token: 'x' }, ['token']],
    ['an unknown field', { email: EMAIL, password: PASSWORD, remember: true }, ['remember']],
  ])('refuses %s with 400 and the fields', async (_, body, paths) => {
    const { http } = await openWithAda();
    const response = await http.post('/session').send(body);
    expect(response.status).toBe(400);
    expect(response.body).toMatchObject({ code: 'validation_failed' });
    const faults = (response.body as { errors: { path: string; message: string }[] }).errors;
    expect([...new Set(faults.map(({ path }) => path))]).toEqual(paths);
    expect(faults.every(({ message }) => message.endsWith('.'))).toBe(true);
  });

  it('refuses more guesses in a minute than are allowed, and says how long to wait', async () => {
    const clock = new SetClock();
    const { http } = await openWithAda({ clock, config: { signInTriesPerMinute: 3 } });
    const guess = async (): Promise<{ status: number; headers: Record<string, unknown>; body: unknown }> =>
      http.post('/session').send({ email: EMAIL, password: 'a wrong guess' });
    for (let tries = 0; tries < 3; tries += 1) {
      expect((await guess()).status).toBe(401);
      clock.advance(5000);
    }
    const refused = await guess();
    expect(refused.status).toBe(429);
    expect(refused.headers['retry-after']).toBe('45');
    expect(refused.body).toMatchObject({ code: 'too_many_sign_in_tries' });
    // Not even the right password gets through, else the limit would only slow down the answer to "no".
    await http.post('/session').send({ email: EMAIL, password: PASSWORD }).expect(429);
    await http.post('/session').send({ email: 'bob@example.org', password: PASSWORD }).expect(401);
    clock.advance(45_000);
    await http.post('/session').send({ email: EMAIL, password: PASSWORD }).expect(204);
  });

  it('does not count against who signs in well', async () => {
    const { http } = await openWithAda({ config: { signInTriesPerMinute: 2 } });
    for (let times = 0; times < 4; times += 1) {
      await http.post('/session').send({ email: EMAIL, password: PASSWORD }).expect(204);
    }
  });

  it('limits guesses of link tokens too', async () => {
    const { http } = await open({ config: { signInTriesPerMinute: 1 } });
    await http.post('/session').send({ token: 'a' }).expect(401);
    await http.post('/session').send({ token: 'b' }).expect(429);
  });

  it('keeps neither the password nor the token in the database', async () => {
    const { http } = await openWithAda();
    const token = toCookie(await http.post('/session').send({ email: EMAIL, password: PASSWORD })).split('=')[1] ?? '';
    expect(token).toHaveLength(43);
    const rows = JSON.stringify([
      await db.selectFrom('app_user').selectAll().execute(),
      await db.selectFrom('session').selectAll().execute(),
    ]);
    expect(rows).not.toContain(token);
    expect(rows).not.toContain(PASSWORD);
  });
});

describe('a session', () => {
  it('tells who is signed in and which transport to use', async () => {
    const { http, signIn } = await open({ config: { transport: 'polling' } });
    const { id, cookie } = await signIn(EMAIL, 'admin');
    const response = await http.get('/session').set('Cookie', cookie).expect(200);
    expect(response.body).toEqual({ user: { id, email: EMAIL, role: 'admin' }, transport: 'polling' });
    expect(response.headers['cache-control']).toBe('no-store');
  });

  it('outlives a restart', async () => {
    const clock = new SetClock();
    const before = await open({ clock });
    const { cookie } = await before.signIn();
    await before.close();
    opened = [];
    const after = await open({ clock });
    await after.http.get('/session').set('Cookie', cookie).expect(200);
  });

  it('ends after 30 days without use', async () => {
    const clock = new SetClock();
    const { http, signIn } = await open({ clock });
    const { cookie } = await signIn();
    clock.advance(30 * DAY_MS - 1);
    await http.get('/session').set('Cookie', cookie).expect(200);
    clock.advance(30 * DAY_MS);
    const response = await http.get('/session').set('Cookie', cookie).expect(401);
    expect(response.body).toMatchObject({ code: 'not_signed_in' });
  });

  it('goes on for ever while it is used, and its cookie with it', async () => {
    const clock = new SetClock();
    const { http, signIn } = await open({ clock });
    const { cookie } = await signIn();
    for (let month = 0; month < 3; month += 1) {
      clock.advance(29 * DAY_MS);
      const response = await http.get('/session').set('Cookie', cookie).expect(200);
      expect(cookiesOf(response)).toEqual([expect.stringContaining(`${cookie}; Max-Age=${MONTH_SECONDS};`)]);
    }
  });

  it('is not written again at every request', async () => {
    const clock = new SetClock();
    const { http, signIn } = await open({ clock });
    const { cookie } = await signIn();
    clock.advance(HOUR_MS - 1);
    expect(cookiesOf(await http.get('/session').set('Cookie', cookie))).toEqual([]);
    clock.advance(1);
    expect(cookiesOf(await http.get('/session').set('Cookie', cookie))).toHaveLength(1);
  });

  it('is over after signing out: cookie cleared, tickets gone, and its end told of', async () => {
    const clock = new SetClock();
    const { http, signIn, app } = await open({ clock });
    const { cookie } = await signIn();
    const other = await signIn('bob@example.org');
    const sessionId = ((await http.get('/probe/closed').set('Cookie', cookie)).body as { sessionId: string }).sessionId;
    const { body } = await http.post('/stream-tickets').set('Cookie', cookie).expect(201);
    const ended: string[] = [];
    app.get(SessionEnds).ended.subscribe((id) => ended.push(id));
    // Late enough for the guard to renew the cookie of the very request that signs out.
    clock.advance(2 * HOUR_MS);
    const response = await http.delete('/session').set('Cookie', cookie).expect(204);
    expect(cookiesOf(response)).toEqual(['throughline_session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax']);
    expect(ended).toEqual([sessionId]);
    expect(app.get(SessionEnds).hasEnded(sessionId)).toBe(true);
    await http.get('/session').set('Cookie', cookie).expect(401);
    await http.delete('/session').set('Cookie', cookie).expect(401);
    await http
      .get('/probe/stream')
      .query({ ticket: (body as { ticket: string }).ticket })
      .expect(401);
    await http.get('/session').set('Cookie', other.cookie).expect(200);
  });
});
