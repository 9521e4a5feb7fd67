import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { Controller, Inject, type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MemoryEventLog, SseConnections, SseModule, SseStream } from '@throughline/nest-sse';
import { PageFiles } from './page-files.js';

const EPOCH = 'load';
const LOG = Symbol('log');

@Controller()
class LoadController {
  constructor(@Inject(LOG) private readonly log: MemoryEventLog) {}

  @SseStream('events')
  events(): MemoryEventLog {
    return this.log;
  }
}

/** A server of one log, as fast as it can: it has the page, and no limit of connections that a page could reach. */
export class LoadServer {
  private appended = 0;

  private constructor(
    private readonly app: INestApplication,
    private readonly log: MemoryEventLog,
    readonly origin: string,
  ) {}

  static async start(): Promise<LoadServer> {
    const files = await PageFiles.build();
    const log = new MemoryEventLog({ epoch: EPOCH, maxMessages: 1_000_000, maxBytes: 2 ** 30 });
    class LoadModule {}
    Module({
      imports: [SseModule.forRoot({ connectionsPerUser: 10_000, connectionsPerAddress: 10_000 })],
      controllers: [LoadController],
      providers: [{ provide: LOG, useValue: log }],
    })(LoadModule);
    const app = await NestFactory.create(LoadModule, { logger: false, abortOnError: false });
    app.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
      if (!files.serve(request, response)) next();
    });
    await app.listen(0, '127.0.0.1');
    const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
    return new LoadServer(app, log, `http://127.0.0.1:${port}`);
  }

  /** Streams that are open now. */
  get openStreams(): number {
    return this.app.get(SseConnections).count();
  }

  /** Cursor of the last message. */
  get cursor(): string {
    return `${EPOCH}-${this.appended}`;
  }

  /** Resolves when no stream is open any more. */
  async waitUntilIdle(): Promise<void> {
    while (this.openStreams > 0) await setTimeout(20);
  }

  /** Puts so many messages into the log, for whoever reads it to come and get. Their data says their place in it, from 1. */
  async append(count: number): Promise<void> {
    const messages = Array.from({ length: count }, (_, index) => ({
      event: 'progress',
      data: { n: this.appended + index + 1, message: 'Comparing what competitors write about with what is here' },
    }));
    this.appended += count;
    await this.log.append(messages);
  }

  stop(): Promise<void> {
    return this.app.close();
  }
}
