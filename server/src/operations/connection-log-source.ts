import { Injectable } from '@nestjs/common';
import type { SseSource } from '@throughline/nest-sse';
import type { ConnectionLog } from './connection-log.js';
import { ConnectionReporter } from './connection-reporter.js';

/** The open streams; that only admins see them, the route says. */
@Injectable()
export class ConnectionLogSource implements SseSource {
  constructor(private readonly reporter: ConnectionReporter) {}

  open(): ConnectionLog {
    return this.reporter.watch();
  }
}
