import { Controller, Delete, Get, HttpCode, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { SseConnections, SseLog, SseStream } from '@throughline/nest-sse';
import { AcceptsTicket, AdminOnly, ProblemException } from '../platform/http/index.js';
import { connectionEvents, type ConnectionView, toView } from './connection-events.js';
import { ConnectionLogSource } from './connection-log-source.js';
import { ConnectionLog } from './connection-log.js';

/** All open streams, and the cursor after which their stream goes on. */
interface ConnectionList {
  items: ConnectionView[];
  cursor: string;
}

@ApiTags('operations')
@AdminOnly()
@Controller('operations/connections')
export class ConnectionsController {
  constructor(
    private readonly connections: SseConnections,
    private readonly log: ConnectionLog,
  ) {}

  @Get()
  async list(): Promise<ConnectionList> {
    // The place first: what changes meanwhile is told again, which changes nothing.
    const { cursor } = await this.log.tail();
    return { items: this.connections.list().map(toView), cursor };
  }

  /** What becomes of them, at most once a second: an event stream, or a JSON page of the same messages. */
  @AcceptsTicket()
  @SseStream('events', { source: ConnectionLogSource, events: connectionEvents })
  events(@SseLog() log: ConnectionLog): ConnectionLog {
    return log;
  }

  /** Ends a stream for good: its client is told `revoked`. */
  @Delete(':id')
  @HttpCode(204)
  close(@Param('id') id: string): void {
    if (!this.connections.close(id, 'revoked')) {
      throw new ProblemException(404, 'not_found', 'There is no such connection.');
    }
  }
}
