import { PGlite } from '@electric-sql/pglite';
import { Global, type INestApplication, type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import type { NextFunction, Response } from 'express';
import { Kysely, PGliteDialect } from 'kysely';
import { migration } from '../../../migrations/0002-content.js';
import type { SignedInRequest } from '../../accounts/index.js';
import { CLOCK, type Clock } from '../../platform/clock/index.js';
import { DATABASE } from '../../platform/database/index.js';
import { createValidationPipe, ProblemFilter } from '../../platform/http/index.js';
import { WorkersModule } from '../../platform/workers/index.js';
import { ContentModule } from '../index.js';

/** The content feature by itself, on a database in memory, in which the header `x-user` says who is signed in. */
export interface ContentApp {
  app: INestApplication;
  // A database without a type of its tables, as the server's own.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  db: Kysely<any>;
  close(): Promise<void>;
}

/** Each reading is a second after the one before, so that sources have an order. */
class SteppingClock implements Clock {
  private timeMs = Date.UTC(2026, 0, 1);

  now(): Date {
    this.timeMs += 1000;
    return new Date(this.timeMs);
  }
}

function signIn(request: SignedInRequest, _response: Response, next: NextFunction): void {
  const id = request.get('x-user') ?? 'ann';
  request.user = { id, email: `${id}@example.org`, role: 'member', sessionId: `session-of-${id}` };
  next();
}

export async function createContentApp(): Promise<ContentApp> {
  const pglite = await PGlite.create();
  const db = new Kysely<never>({ dialect: new PGliteDialect({ pglite }) });
  await migration.up(db);

  @Global()
  @Module({
    providers: [
      { provide: DATABASE, useValue: db },
      { provide: CLOCK, useClass: SteppingClock },
    ],
    exports: [DATABASE, CLOCK],
  })
  class PlatformModule {}

  @Module({
    imports: [PlatformModule, WorkersModule, ContentModule],
    providers: [
      { provide: APP_FILTER, useClass: ProblemFilter },
      { provide: APP_PIPE, useFactory: createValidationPipe },
    ],
  })
  class TestModule implements NestModule {
    configure(consumer: MiddlewareConsumer): void {
      consumer.apply(signIn).forRoutes('{*path}');
    }
  }

  const testing = await Test.createTestingModule({ imports: [TestModule] }).compile();
  const app = testing.createNestApplication({ logger: false });
  app.setGlobalPrefix('api/v1');
  await app.listen(0, '127.0.0.1');
  return {
    app,
    db,
    close: async () => {
      await app.close();
      await pglite.close();
    },
  };
}
