import type { Server } from 'node:http';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

/** How long a request may go on once the server was told to stop. */
const GRACE_MS = 5000;

/**
 * Lets the server stop: it would wait without end for a socket that is open and silent, as a browser's preconnect is.
 * Streams have ended by then; requests that are under way get a moment.
 */
@Injectable()
export class SocketClosing implements BeforeApplicationShutdown {
  constructor(private readonly host: HttpAdapterHost) {}

  beforeApplicationShutdown(): void {
    const server = this.host.httpAdapter.getHttpServer() as Server;
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), GRACE_MS).unref();
  }
}
