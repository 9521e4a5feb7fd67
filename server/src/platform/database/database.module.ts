import { type DynamicModule, Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { DatabaseHandle } from './database-handle.js';

/** Injection token of the `Kysely` instance; a store narrows it to its own tables. */
export const DATABASE = Symbol('Database');

/** Injection token of the {@link DatabaseHandle}. */
export const DATABASE_HANDLE = Symbol('DatabaseHandle');

/** Gives every module the open database, and closes it when the app has shut down. */
@Global()
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(@Inject(DATABASE_HANDLE) private readonly handle: DatabaseHandle) {}

  static forRoot(handle: DatabaseHandle): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [
        { provide: DATABASE_HANDLE, useValue: handle },
        { provide: DATABASE, useValue: handle.db },
      ],
      exports: [DATABASE, DATABASE_HANDLE],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.handle.close();
  }
}
