import { Test } from '@nestjs/testing';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { openTestDatabase, type TestBackend } from '@throughline/nest-runs/testing';
import type { Clock } from '../../server/src/platform/clock/index.js';
import { CLOCK, systemClock } from '../../server/src/platform/clock/index.js';
import { AppModule } from '../../server/src/app.module.js';
import { configureApp } from '../../server/src/configure-app.js';
import { AppConfig } from '../../server/src/platform/config/index.js';
import { type DatabaseHandle, migrateToLatest, openPostgres } from '../../server/src/platform/database/index.js';
import { UserAccounts } from '../../server/src/accounts/index.js';
import { ApiClient } from './api-client.js';
import { ADMIN } from './server-process.js';

/** The whole server in this process, over a real socket and a real database. */
export interface TestApp {
  app: NestExpressApplication;
  url: string;
  /** Signs the first admin in. */
  admin: ApiClient;
  /** Makes a member and signs them in. */
  addMember(email: string): Promise<ApiClient>;
  close(): Promise<void>;
}

async function openHandle(backend: TestBackend): Promise<DatabaseHandle> {
  const database = await openTestDatabase(backend, { migrate: false });
  if (database.connectionString !== undefined) return openPostgres(database.connectionString);
  const { db } = await database.openNode();
  return { kind: 'embedded', pglite: database.pglite!, db, close: () => database.close() };
}

/** Starts the server on a free port. Close it, and call `closeTestDatabases` at the end of the file. */
export async function startTestApp(
  backend: TestBackend,
  { config = {}, clock = systemClock }: { config?: Partial<AppConfig>; clock?: Clock } = {},
): Promise<TestApp> {
  const handle = await openHandle(backend);
  await migrateToLatest(handle.db);
  const settings = new AppConfig({
    port: 0,
    logLevel: 'silent',
    adminEmail: ADMIN.email,
    adminPassword: ADMIN.password,
    ...config,
  });
  const module = await Test.createTestingModule({ imports: [AppModule.forRoot(settings, handle)] })
    .overrideProvider(CLOCK)
    .useValue(clock)
    .compile();
  const app = module.createNestApplication<NestExpressApplication>({ bodyParser: false });
  app.useLogger(false);
  configureApp(app);
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  return {
    app,
    url,
    admin: await ApiClient.signIn(url),
    addMember: async (email) => {
      const password = 'a password of a member';
      await app.get(UserAccounts).create({ email, password, role: 'member' });
      return ApiClient.signIn(url, { email, password });
    },
    close: () => app.close(),
  };
}
