import type { Server } from 'node:http';
import { Module, type DynamicModule, type INestApplication, type Provider, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { SseOptions } from '../sse-options.js';
import { SseModule } from '../sse.module.js';
import { SseTestClient, type SseTestClientOptions } from './sse-test-client.js';

/** A Nest application with streams, listening on a free port; for the library's own specs. */
export interface StreamApp {
  app: INestApplication;
  server: Server;
  open(path: string, options?: SseTestClientOptions): Promise<SseTestClient>;
  close(): Promise<void>;
}

/** What a {@link StreamApp} is made of. */
export interface StreamAppParts {
  options?: SseOptions;
  /** Instead of `options`: the module itself. */
  module?: DynamicModule;
  controllers: Type[];
  providers?: Provider[];
  /** Called before the application is initialized. */
  prepare?(app: INestApplication): void;
}

/** Starts an application; {@link StreamApp.close} closes its clients, then itself. */
export async function startStreamApp({
  options = {},
  module,
  controllers,
  providers = [],
  prepare,
}: StreamAppParts): Promise<StreamApp> {
  class RootModule {}
  Module({ imports: [module ?? SseModule.forRoot(options)], controllers, providers })(RootModule);
  const app = await NestFactory.create(RootModule, { logger: false, abortOnError: false });
  prepare?.(app);
  await app.listen(0, '127.0.0.1');
  const server = app.getHttpServer() as Server;
  const clients: SseTestClient[] = [];
  return {
    app,
    server,
    open: async (path, clientOptions) => {
      const client = await SseTestClient.open(server, path, clientOptions);
      clients.push(client);
      return client;
    },
    close: async () => {
      await Promise.all(clients.map((client) => client.close()));
      await app.close();
    },
  };
}
