import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  Controller,
  type ExecutionContext,
  Get,
  Header,
  Inject,
  type INestApplication,
  Injectable,
  Module,
  NotFoundException,
  Param,
  UnauthorizedException,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  type ReadableLog,
  SseConnections,
  SseLog,
  SseModule,
  type SseOptions,
  type SseSource,
  SseStream,
} from '@throughline/nest-sse';
import { PageFiles } from '../../support/sse-page/page-files.js';
import { RunLikeLog } from './run-like-log.js';

/** What outlives a restart, as a database would. */
class Archive {
  readonly logs = new Map<string, RunLikeLog>();
  isSignedIn = true;
  /** Requests for snapshots that were served. */
  snapshots = 0;

  get(name: string): RunLikeLog {
    if (!this.isSignedIn) throw new UnauthorizedException();
    const log = this.logs.get(name);
    if (!log) throw new NotFoundException();
    return log;
  }
}

@Injectable()
class ArchiveSource implements SseSource {
  constructor(@Inject(Archive) private readonly archive: Archive) {}

  open(context: ExecutionContext): ReadableLog {
    const { params } = context.switchToHttp().getRequest<{ params: { name: string } }>();
    return this.archive.get(params.name);
  }
}

@Controller('logs/:name')
class LogController {
  constructor(@Inject(Archive) private readonly archive: Archive) {}

  @SseStream('events', { source: ArchiveSource })
  events(@SseLog() log: ReadableLog): ReadableLog {
    return log;
  }

  /** What stands for messages that are gone. */
  @Get('snapshot')
  async snapshot(@Param('name') name: string): Promise<{ upTo: string }> {
    this.archive.snapshots += 1;
    return { upTo: (await this.archive.get(name).tail()).cursor };
  }
}

@Controller('elsewhere')
class ElsewhereController {
  /** Where people go when they leave the page. */
  @Get()
  @Header('Content-Type', 'text/html')
  page(): string {
    return '<!doctype html><title>Elsewhere</title><link rel="icon" href="data:," />';
  }
}

/** Whose streams they all are. */
const SESSION = 'that of the person at the page';

/** Fast enough for a test, and without chance: the streams of one log are the same bytes each time. */
const QUICK: SseOptions = {
  heartbeatIntervalMs: 200,
  retryMs: 20,
  drainRetryAfterMs: 20,
  limitRetryAfterMs: 20,
  drainTimeoutMs: 200,
  connectionsPerAddress: 1_000,
  random: () => 0.5,
  identify: ({ ip }) => ({ session: SESSION, address: ip ?? '' }),
};

/** A server that streams logs, and is stopped and started again on the same port with what it kept. */
export class StreamServer {
  private readonly archive = new Archive();
  private app: INestApplication | undefined;
  private listensAt = 0;

  private constructor(
    private readonly files: PageFiles,
    private readonly options: SseOptions,
  ) {}

  static async start(options: SseOptions = {}): Promise<StreamServer> {
    const server = new StreamServer(await PageFiles.build(), { ...QUICK, ...options });
    await server.start();
    return server;
  }

  get port(): number {
    return this.listensAt;
  }

  get snapshots(): number {
    return this.archive.snapshots;
  }

  /** Streams that are open now. */
  get openStreams(): number {
    return this.app?.get(SseConnections).count() ?? 0;
  }

  /** Adds a log of that name, or puts it in the place of the one that was there. */
  addLog(name: string, epoch = 'a'): RunLikeLog {
    const log = new RunLikeLog({ epoch, snapshotUrl: `/logs/${name}/snapshot` });
    this.archive.logs.set(name, log);
    return log;
  }

  log(name: string): RunLikeLog {
    return this.archive.get(name);
  }

  /** Knows nobody any more: new requests are refused, open streams go on. */
  refuse(): void {
    this.archive.isSignedIn = false;
  }

  /** Ends the sign-in and every stream that was opened with it. */
  signOut(): void {
    this.refuse();
    this.app?.get(SseConnections).closeWhere({ session: SESSION }, 'revoked');
  }

  async start(): Promise<void> {
    const { options, archive } = this;
    class StreamModule {}
    Module({
      imports: [SseModule.forRoot(options)],
      controllers: [LogController, ElsewhereController],
      providers: [ArchiveSource, { provide: Archive, useValue: archive }],
    })(StreamModule);
    this.app = await NestFactory.create(StreamModule, { logger: false, abortOnError: false });
    this.app.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
      if (!this.files.serve(request, response)) next();
    });
    await this.app.listen(this.listensAt, '127.0.0.1');
    this.listensAt = ((this.app.getHttpServer() as Server).address() as AddressInfo).port;
  }

  /** Stops as an operator stops it: streams are told, and the port is free. */
  async stop(): Promise<void> {
    await this.app?.close();
    this.app = undefined;
  }
}
