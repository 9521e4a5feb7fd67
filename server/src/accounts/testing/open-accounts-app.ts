import { PGlite } from '@electric-sql/pglite';
import { Controller, Get, Global, type MessageEvent, Module, Post, Sse } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { Kysely, PGliteDialect } from 'kysely';
import { type Observable, of } from 'rxjs';
import request from 'supertest';
import { migration } from '../../../migrations/0001-accounts.js';
import { CLOCK, type Clock } from '../../platform/clock/index.js';
import { AppConfig } from '../../platform/config/index.js';
import { DATABASE } from '../../platform/database/index.js';
import { AcceptsTicket, AdminOnly, createValidationPipe, ProblemFilter, Public } from '../../platform/http/index.js';
import type { AccountsTables } from '../accounts-tables.js';
import {
  AccountsModule,
  CurrentUser,
  type Role,
  SESSION_COOKIE,
  SessionStore,
  type SignedIn,
  UserAccounts,
} from '../index.js';

/** How long a database may take to start on a busy machine. */
export const DATABASE_START_MS = 60_000;

/** A clock that moves only when told to. */
export class SetClock implements Clock {
  private time = Date.parse('2026-03-01T12:00:00.000Z');

  now(): Date {
    return new Date(this.time);
  }

  advance(byMs: number): void {
    this.time += byMs;
  }
}

/** Routes of each kind, for the guard to stand before. */
@Controller('probe')
class ProbeController {
  @Public()
  @Get('open')
  open(): { ok: true } {
    return { ok: true };
  }

  @Get('closed')
  closed(@CurrentUser() user: SignedIn): SignedIn {
    return user;
  }

  @Post('closed')
  change(): { ok: true } {
    return { ok: true };
  }

  @AdminOnly()
  @Get('admin')
  admin(): { ok: true } {
    return { ok: true };
  }

  @AcceptsTicket()
  @Sse('stream')
  stream(@CurrentUser() user: SignedIn): Observable<MessageEvent> {
    return of({ data: user });
  }
}

/** The embedded database with this feature's tables. */
export async function openAccountsDatabase(): Promise<Kysely<AccountsTables>> {
  const db = new Kysely<AccountsTables>({ dialect: new PGliteDialect({ pglite: await PGlite.create() }) });
  await migration.up(db);
  return db;
}

/** Empties every table. */
export async function emptyAccounts(db: Kysely<AccountsTables>): Promise<void> {
  for (const table of ['app_user', 'ended_session'] as const) await db.deleteFrom(table).execute();
}

/** A small app of this feature and what it needs, over a real socket. */
export interface AccountsApp {
  app: NestExpressApplication;
  http: ReturnType<typeof request>;
  /** Adds a user and signs it in, without a password. */
  signIn(email?: string, role?: Role): Promise<{ id: string; token: string; cookie: string }>;
  close(): Promise<void>;
}

export async function openAccountsApp(
  db: Kysely<AccountsTables>,
  { clock = new SetClock(), config = {} }: { clock?: Clock; config?: Partial<AppConfig> } = {},
): Promise<AccountsApp> {
  @Global()
  @Module({
    providers: [
      { provide: DATABASE, useValue: db },
      { provide: CLOCK, useValue: clock },
      { provide: AppConfig, useValue: new AppConfig(config) },
    ],
    exports: [DATABASE, CLOCK, AppConfig],
  })
  class PlatformModule {}

  const built = await Test.createTestingModule({
    imports: [PlatformModule, AccountsModule],
    controllers: [ProbeController],
    providers: [
      { provide: APP_FILTER, useClass: ProblemFilter },
      { provide: APP_PIPE, useFactory: createValidationPipe },
    ],
  }).compile();
  const app = built.createNestApplication<NestExpressApplication>();
  app.set('trust proxy', 'loopback');
  await app.listen(0, '127.0.0.1');
  return {
    app,
    http: request(await app.getUrl()),
    signIn: async (email = 'ada@example.org', role = 'member') => {
      const { id } = await app.get(UserAccounts).create({ email, role });
      const token = await app.get(SessionStore).start(id);
      if (token === undefined) throw new Error('The user was removed while signing in.');
      return { id, token, cookie: `${SESSION_COOKIE}=${token}` };
    },
    close: () => app.close(),
  };
}
