import { Controller, Header, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentUser } from './current-user.js';
import type { SignedIn } from './signed-in.js';
import { StreamTicketStore } from './stream-ticket.store.js';

/** Tickets for an `EventSource` of another origin, which cannot carry the cookie. */
@ApiTags('accounts')
@Controller('stream-tickets')
export class StreamTicketsController {
  constructor(private readonly tickets: StreamTicketStore) {}

  /** `expiresAt` is RFC 3339. */
  @Post()
  @Header('Cache-Control', 'no-store')
  async create(@CurrentUser() user: SignedIn): Promise<{ ticket: string; expiresAt: string }> {
    const { ticket, expiresAt } = await this.tickets.issue(user.sessionId);
    return { ticket, expiresAt: expiresAt.toISOString() };
  }
}
