import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { Kysely } from 'kysely';
import type { AccountsTables } from './accounts-tables.js';
import { EndedSessionPoll } from './ended-session-poll.js';
import { SessionEnds, SessionStore, UserAccounts } from './index.js';
import {
  type AccountsApp,
  DATABASE_START_MS,
  emptyAccounts,
  openAccountsApp,
  openAccountsDatabase,
} from './testing/open-accounts-app.js';

let db: Kysely<AccountsTables>;
let here: AccountsApp;
let there: AccountsApp;
let heardThere: string[];

beforeAll(async () => {
  db = await openAccountsDatabase();
}, DATABASE_START_MS);
beforeEach(async () => {
  here = await openAccountsApp(db);
  there = await openAccountsApp(db);
  heardThere = [];
  there.app.get(SessionEnds).ended.subscribe((id) => heardThere.push(id));
  // The first reading only takes the time.
  await there.app.get(EndedSessionPoll).poll();
});
afterEach(async () => {
  Logger.overrideLogger(['log', 'error', 'warn']);
  await here.close();
  await there.close();
  await emptyAccounts(db);
});
afterAll(() => db.destroy());

async function sessionOf(cookie: string): Promise<string> {
  const { body } = await here.http.get('/probe/closed').set('Cookie', cookie).expect(200);
  return (body as { sessionId: string }).sessionId;
}

describe('a session that ends on one node', () => {
  it('is told of on the other, once', async () => {
    const { cookie } = await here.signIn();
    const sessionId = await sessionOf(cookie);
    await here.http.delete('/session').set('Cookie', cookie).expect(204);
    const poll = there.app.get(EndedSessionPoll);
    await poll.poll();
    expect(heardThere).toEqual([sessionId]);
    await poll.poll();
    expect(heardThere).toEqual([sessionId]);
  });

  it('is told of once where it ended, although that node reads of it too', async () => {
    const heardHere: string[] = [];
    here.app.get(SessionEnds).ended.subscribe((id) => heardHere.push(id));
    const { cookie } = await here.signIn();
    const sessionId = await sessionOf(cookie);
    await here.app.get(EndedSessionPoll).poll();
    await here.http.delete('/session').set('Cookie', cookie).expect(204);
    await here.app.get(EndedSessionPoll).poll();
    expect(heardHere).toEqual([sessionId]);
  });

  it('is told of also where its user was removed', async () => {
    const ada = await here.signIn('ada@example.org');
    const sessionId = await sessionOf(ada.cookie);
    await here.app.get(UserAccounts).remove(ada.id, 'somebody else');
    await there.app.get(EndedSessionPoll).poll();
    expect(heardThere).toEqual([sessionId]);
  });

  it('is told of although a later end was read before it', async () => {
    const sessions = here.app.get(SessionStore);
    const poll = there.app.get(EndedSessionPoll);
    const [early, late] = [await here.signIn('a@example.org'), await here.signIn('b@example.org')];
    const [earlyId, lateId] = [await sessionOf(early.cookie), await sessionOf(late.cookie)];
    await sessions.end(lateId);
    await poll.poll();
    await sessions.end(earlyId);
    // As of a transaction that took its time from stamp to commit.
    const stamp = new Date((await sessions.databaseTime()).getTime() - 5000);
    await db.updateTable('ended_session').set({ ended_at: stamp }).where('session_id', '=', earlyId).execute();
    await poll.poll();
    expect(heardThere).toEqual([lateId, earlyId]);
  });

  it('is not told of to a node that started long after', async () => {
    const { cookie } = await here.signIn();
    const sessions = here.app.get(SessionStore);
    await sessions.end(await sessionOf(cookie));
    const stamp = new Date((await sessions.databaseTime()).getTime() - 60_000);
    await db.updateTable('ended_session').set({ ended_at: stamp }).execute();
    const late = await openAccountsApp(db);
    const heard: string[] = [];
    late.app.get(SessionEnds).ended.subscribe((id) => heard.push(id));
    await late.app.get(EndedSessionPoll).poll();
    await late.close();
    expect(heard).toEqual([]);
  });
});

describe('a database that is away for a while', () => {
  it('is reported once, and what ended meanwhile is told of afterwards', async () => {
    const errors: unknown[][] = [];
    Logger.overrideLogger({ log: () => undefined, warn: () => undefined, error: (...args) => errors.push(args) });
    const { cookie } = await here.signIn();
    const sessionId = await sessionOf(cookie);
    const poll = there.app.get(EndedSessionPoll);
    await db.schema.alterTable('ended_session').renameTo('away').execute();
    await poll.poll();
    await poll.poll();
    expect(errors).toHaveLength(1);
    await db.schema.alterTable('away').renameTo('ended_session').execute();
    await here.app.get(SessionStore).end(sessionId);
    await poll.poll();
    expect(heardThere).toEqual([sessionId]);
  });
});
