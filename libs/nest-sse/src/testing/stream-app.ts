import type { Server } from 'node:http';
import {
  Module,
  type DynamicModule,
  type INestApplication,
  type LoggerService,
  type Provider,
  type Type,
} from '@nestjs/common';
import { NestFactory, type AbstractHttpAdapter } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { SseOptions } from '../sse-options.js';
import { SseModule } from '../sse.module.js';
import { Http2ExpressAdapter } from './express-over-http2.js';
import { SseTestClient, type SseTestClientOptions } from './sse-test-client.js';

/** What a {@link StreamApp} is served by. */
export type StreamPlatform = 'express' | 'fastify' | 'express over HTTP/2' | 'fastify over HTTP/2';

/** For `describe.each`: what must hold on each HTTP adapter. */
export const ADAPTERS = ['express', 'fastify'] as const;

/** For `describe.each`: what must hold over HTTP/2. */
export const HTTP2_PLATFORMS = ['express over HTTP/2', 'fastify over HTTP/2'] as const;

/** For `describe.each`: what must hold on each adapter and each transport. */
export const PLATFORMS = [...ADAPTERS, ...HTTP2_PLATFORMS] as const;

/** A Nest application with streams, listening on a free port; for the library's own specs. */
export interface StreamApp {
  app: INestApplication;
  server: Server;
  open(path: string, options?: SseTestClientOptions): Promise<SseTestClient>;
  close(): Promise<void>;
}

/** What a {@link StreamApp} is made of. */
export interface StreamAppParts {
  /** Default: Express. */
  platform?: StreamPlatform;
  options?: SseOptions;
  /** Instead of `options`: the module itself. */
  module?: DynamicModule;
  controllers: Type[];
  providers?: Provider[];
  /** Default: none. */
  logger?: LoggerService;
  /** Called before the application is initialized. */
  prepare?(app: INestApplication): void;
}

/** Starts an application; {@link StreamApp.close} closes its clients, then itself. */
export async function startStreamApp({
  platform = 'express',
  options = {},
  module,
  controllers,
  providers = [],
  logger,
  prepare,
}: StreamAppParts): Promise<StreamApp> {
  class RootModule {}
  Module({ imports: [module ?? SseModule.forRoot(options)], controllers, providers })(RootModule);
  const app = await NestFactory.create(RootModule, ADAPTER_OF[platform](), {
    logger: logger ?? false,
    abortOnError: false,
  });
  prepare?.(app);
  await app.listen(0, '127.0.0.1');
  const server = app.getHttpServer() as Server;
  const clients: SseTestClient[] = [];
  const transport = { isHttp2: platform.endsWith('HTTP/2') };
  return {
    app,
    server,
    open: async (path, clientOptions) => {
      const client = await SseTestClient.open(server, path, { ...transport, ...clientOptions });
      clients.push(client);
      return client;
    },
    close: async () => {
      await Promise.all(clients.map((client) => client.close()));
      await app.close();
    },
  };
}

const ADAPTER_OF: Record<StreamPlatform, () => AbstractHttpAdapter> = {
  express: () => new ExpressAdapter(),
  fastify: () => new FastifyAdapter(),
  'express over HTTP/2': () => new Http2ExpressAdapter(),
  'fastify over HTTP/2': () => new FastifyAdapter({ http2: true }),
};
