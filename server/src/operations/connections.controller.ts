import { Controller, Delete, Get, HttpCode, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type SseConnection, SseConnections } from '@throughline/nest-sse';
import type { Page } from '@throughline/strategy-contract';
import { AdminOnly, ProblemException } from '../platform/http/index.js';

/** An open stream, as the API shows it. */
interface ConnectionView {
  id: string;
  user?: string;
  channels: string[];
  since: string;
  cursor: string;
  bytesQueued: number;
}

function toView({ id, user, channels, since, cursor, bytesQueued }: SseConnection): ConnectionView {
  return {
    id,
    ...(user === undefined ? {} : { user }),
    channels: [...channels],
    since: new Date(since).toISOString(),
    cursor: cursor ?? '',
    bytesQueued,
  };
}

@ApiTags('operations')
@AdminOnly()
@Controller('operations/connections')
export class ConnectionsController {
  constructor(private readonly connections: SseConnections) {}

  @Get()
  list(): Page<ConnectionView> {
    return { items: this.connections.list().map(toView) };
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
