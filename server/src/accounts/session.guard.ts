import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Response } from 'express';
import { AppConfig } from '../platform/config/index.js';
import { ADMIN_ROUTE, ProblemException, PUBLIC_ROUTE, TICKET_ROUTE } from '../platform/http/index.js';
import { isFromOwnOrigin, isUnsafe } from './own-origin.js';
import { readSessionCookie, writeSessionCookie } from './session-cookie.js';
import { SESSION_LIFETIME_MS, SessionStore } from './session.store.js';
import type { SignedIn, SignedInRequest } from './signed-in.js';
import { StreamTicketStore } from './stream-ticket.store.js';

/**
 * Global: every route needs a session unless it is `@Public()`. Puts who it is on `request.user`. Refuses with 403
 * `bad_origin`, 401 `not_signed_in` or 403 `forbidden`, in this order.
 */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly sessions: SessionStore,
    private readonly tickets: StreamTicketStore,
    private readonly config: AppConfig,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<SignedInRequest>();
    const token = readSessionCookie(request);
    const isPublic = this.isMarked(context, PUBLIC_ROUTE);
    // A route that is public and changes something is the sign-in: a foreign page must not sign its visitors in as
    // somebody of its choice. Elsewhere only the cookie can be borrowed.
    if ((token !== undefined || isPublic) && isUnsafe(request)) this.refuseForeignOrigin(request);
    if (isPublic) return true;
    const response = context.switchToHttp().getResponse<Response>();
    // A ticket is used up by being shown, also beside a good cookie: a URL does not keep a secret.
    const byTicket = this.isMarked(context, TICKET_ROUTE) ? await this.redeem(request.query['ticket']) : undefined;
    const user = (token === undefined ? undefined : await this.findByCookie(token, response)) ?? byTicket;
    if (user === undefined) {
      throw new ProblemException(401, 'not_signed_in', 'Sign in first; a session may have ended since.');
    }
    if (user.role !== 'admin' && this.isMarked(context, ADMIN_ROUTE)) {
      throw new ProblemException(403, 'forbidden', 'Only an admin may do this.');
    }
    request.user = user;
    return true;
  }

  private isMarked(context: ExecutionContext, key: string): boolean {
    return (
      this.reflector.getAllAndOverride<boolean | undefined>(key, [context.getHandler(), context.getClass()]) === true
    );
  }

  private refuseForeignOrigin(request: SignedInRequest): void {
    if (isFromOwnOrigin(request, this.config.publicUrl)) return;
    throw new ProblemException(
      403,
      'bad_origin',
      'The page that sent this is not of this server. If it is, set THROUGHLINE_PUBLIC_URL to its address.',
    );
  }

  private async redeem(ticket: unknown): Promise<SignedIn | undefined> {
    return typeof ticket === 'string' && ticket !== '' ? this.tickets.redeem(ticket) : undefined;
  }

  private async findByCookie(token: string, response: Response): Promise<SignedIn | undefined> {
    const found = await this.sessions.find(token);
    if (found === undefined) return undefined;
    const { isDue, ...user } = found;
    if (isDue) {
      await this.sessions.renew(user.sessionId);
      writeSessionCookie(response, token, {
        maxAgeSeconds: SESSION_LIFETIME_MS / 1000,
        publicUrl: this.config.publicUrl,
      });
    }
    return user;
  }
}
