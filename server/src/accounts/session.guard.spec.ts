import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Kysely } from 'kysely';
import type { AccountsTables } from './accounts-tables.js';
import {
  type AccountsApp,
  DATABASE_START_MS,
  emptyAccounts,
  openAccountsApp,
  openAccountsDatabase,
  SetClock,
} from './testing/open-accounts-app.js';

const PUBLIC_URL = 'https://plan.example.org';

let db: Kysely<AccountsTables>;
let clock: SetClock;
let one: AccountsApp;

beforeAll(async () => {
  db = await openAccountsDatabase();
  clock = new SetClock();
  one = await openAccountsApp(db, { clock, config: { publicUrl: PUBLIC_URL } });
}, DATABASE_START_MS);
afterEach(() => emptyAccounts(db));
afterAll(async () => {
  await one.close();
  await db.destroy();
});

async function askTicket(cookie: string): Promise<{ ticket: string; expiresAt: string }> {
  const response = await one.http.post('/stream-tickets').set('Cookie', cookie).expect(201);
  return response.body as { ticket: string; expiresAt: string };
}

describe('the session guard', () => {
  it('closes every route that is not opened', async () => {
    const response = await one.http.get('/probe/closed').expect(401);
    expect(response.type).toBe('application/problem+json');
    expect(response.body).toMatchObject({ code: 'not_signed_in', status: 401 });
    await one.http.get('/probe/open').expect(200);
    await one.http.post('/stream-tickets').expect(401);
  });

  it.each([
    ['a made-up token', 'throughline_session=AAAA'],
    ['an empty one', 'throughline_session='],
    ['a cookie of another name', 'session=AAAA'],
    ['text that is no cookie', ';;=;%00'],
  ])('refuses %s', async (_, cookie) => {
    await one.http.get('/probe/closed').set('Cookie', cookie).expect(401);
  });

  it('hands the handler who it is', async () => {
    const { id, cookie } = await one.signIn('ada@example.org', 'member');
    const response = await one.http.get('/probe/closed').set('Cookie', `other=1; ${cookie}`).expect(200);
    expect(response.body).toEqual({ id, email: 'ada@example.org', role: 'member', sessionId: expect.any(String) });
  });

  it('lets an admin through where a member is forbidden', async () => {
    const member = await one.signIn('member@example.org', 'member');
    const admin = await one.signIn('admin@example.org', 'admin');
    const response = await one.http.get('/probe/admin').set('Cookie', member.cookie).expect(403);
    expect(response.body).toMatchObject({ code: 'forbidden' });
    await one.http.get('/probe/admin').expect(401);
    await one.http.get('/probe/admin').set('Cookie', admin.cookie).expect(200);
  });
});

describe('the origin of what changes something', () => {
  it('may be absent, our own host, or the public URL', async () => {
    const { cookie } = await one.signIn();
    await one.http.post('/probe/closed').set('Cookie', cookie).expect(201);
    for (const [origin, host] of [
      ['http://127.0.0.1:4321', '127.0.0.1:4321'],
      ['https://other.example.org', 'other.example.org:443'],
      [PUBLIC_URL, 'inside:3000'],
    ] as const) {
      await one.http.post('/probe/closed').set({ Cookie: cookie, Origin: origin, Host: host }).expect(201);
    }
  });

  it.each([
    ['another host', 'https://evil.example'],
    ['another port', 'http://127.0.0.1:1'],
    ['a host that begins like ours', `${PUBLIC_URL}.evil.example`],
    ['an opaque origin', 'null'],
    ['no web page', 'file://127.0.0.1:4321'],
    ['no address at all', 'http://%'],
  ])('is refused where it is %s', async (_, origin) => {
    const { cookie } = await one.signIn();
    const response = await one.http
      .post('/probe/closed')
      .set({ Cookie: cookie, Origin: origin, Host: '127.0.0.1:4321' })
      .expect(403);
    expect(response.body).toMatchObject({ code: 'bad_origin' });
    await one.http.delete('/session').set({ Cookie: cookie, Origin: origin, Host: '127.0.0.1:4321' }).expect(403);
    await one.http.get('/session').set({ Cookie: cookie, Origin: origin, Host: '127.0.0.1:4321' }).expect(200);
  });

  it('is looked at when signing in, where there is no cookie to borrow yet', async () => {
    await one.http
      .post('/session')
      .set('Origin', 'https://evil.example')
      .send({ email: 'a@example.org', password: 'x' })
      .expect(403);
  });
});

describe('a stream ticket', () => {
  it('opens one stream, in the name of who asked for it', async () => {
    const { id, cookie } = await one.signIn();
    const mine = (await one.http.get('/probe/closed').set('Cookie', cookie)).body as { sessionId: string };
    const { ticket, expiresAt } = await askTicket(cookie);
    expect(ticket).toMatch(/^[\w-]{43}$/);
    expect(expiresAt).toBe(new Date(clock.now().getTime() + 30_000).toISOString());
    const response = await one.http.get('/probe/stream').query({ ticket }).expect(200);
    expect(response.type).toBe('text/event-stream');
    const data = /^data: (.*)$/m.exec(response.text)?.[1] ?? '';
    expect(JSON.parse(data)).toEqual({ id, email: 'ada@example.org', role: 'member', sessionId: mine.sessionId });
    const again = await one.http.get('/probe/stream').query({ ticket }).expect(401);
    expect(again.body).toMatchObject({ code: 'not_signed_in' });
  });

  it('is used up by one of several requests at once', async () => {
    const { cookie } = await one.signIn();
    const { ticket } = await askTicket(cookie);
    const answers = await Promise.all(
      Array.from({ length: 5 }, async () => (await one.http.get('/probe/stream').query({ ticket })).status),
    );
    expect(answers.sort()).toEqual([200, 401, 401, 401, 401]);
  });

  it('waits for 30 seconds', async () => {
    const { cookie } = await one.signIn();
    const early = await askTicket(cookie);
    clock.advance(29_999);
    await one.http.get('/probe/stream').query({ ticket: early.ticket }).expect(200);
    const late = await askTicket(cookie);
    clock.advance(30_000);
    await one.http.get('/probe/stream').query({ ticket: late.ticket }).expect(401);
  });

  it('opens nothing but streams', async () => {
    const { cookie } = await one.signIn('ada@example.org', 'admin');
    const { ticket } = await askTicket(cookie);
    for (const path of ['/probe/closed', '/probe/admin', '/session', '/users']) {
      await one.http.get(path).query({ ticket }).expect(401);
    }
    await one.http.post('/stream-tickets').query({ ticket }).expect(401);
    await one.http.get('/probe/stream').query({ ticket }).expect(200);
  });

  it('is used up also beside a good cookie, which decides', async () => {
    const ada = await one.signIn('ada@example.org');
    const bob = await one.signIn('bob@example.org');
    const { ticket } = await askTicket(bob.cookie);
    const response = await one.http.get('/probe/stream').query({ ticket }).set('Cookie', ada.cookie).expect(200);
    expect(response.text).toContain(ada.id);
    await one.http.get('/probe/stream').query({ ticket }).expect(401);
    await one.http.get('/probe/stream').query({ ticket }).set('Cookie', ada.cookie).expect(200);
  });

  it('stands in for a cookie that is good no more', async () => {
    const { id, cookie } = await one.signIn();
    const { ticket } = await askTicket(cookie);
    const response = await one.http
      .get('/probe/stream')
      .query({ ticket })
      .set('Cookie', 'throughline_session=old')
      .expect(200);
    expect(response.text).toContain(id);
  });

  it.each([['ticket='], ['ticket=AAAA'], ['ticket=a&ticket=b'], ['ticket[x]=a'], ['']])(
    'refuses a stream with the query "%s"',
    async (query) => {
      await one.http.get(`/probe/stream?${query}`).expect(401);
    },
  );

  it('is not kept in the database as it is', async () => {
    const { cookie } = await one.signIn();
    const { ticket } = await askTicket(cookie);
    expect(JSON.stringify(await db.selectFrom('stream_ticket').selectAll().execute())).not.toContain(ticket);
  });
});
