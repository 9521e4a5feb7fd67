import { type ExecutionContext, Injectable } from '@nestjs/common';
import { ThrottlerGuard, type ThrottlerLimitDetail } from '@nestjs/throttler';
import { asksForStream, refuseStream } from '@throughline/nest-sse';
import type { Request } from 'express';
import { ProblemException } from './problem-exception.js';

/** A cursor that a stream gave out: a reconnect that names one goes on with what it had, and is no new demand. */
const GIVEN_CURSOR = /^(?:[1-9][0-9]{0,15}|[\x21-\x7e]{1,200}-[0-9]{1,16})$/;

function isReconnect(context: ExecutionContext): boolean {
  const { headers, query } = context.switchToHttp().getRequest<Request>();
  const cursor = headers['last-event-id'] ?? query['lastEventId'];
  return typeof cursor === 'string' && GIVEN_CURSOR.test(cursor) && asksForStream(context);
}

/** Limits requests per user, or per address where nobody is signed in. */
@Injectable()
export class RequestThrottlerGuard extends ThrottlerGuard {
  protected override async shouldSkip(context: ExecutionContext): Promise<boolean> {
    return isReconnect(context);
  }

  protected override async getTracker(request: Record<string, unknown>): Promise<string> {
    const { user, ip } = request as { user?: { id: string }; ip?: string };
    return user === undefined ? `address:${ip ?? ''}` : `user:${user.id}`;
  }

  protected override generateKey(_context: ExecutionContext, tracker: string): string {
    // One budget for the whole API, not one for each route.
    return tracker;
  }

  protected override async throwThrottlingException(
    context: ExecutionContext,
    { timeToBlockExpire }: ThrottlerLimitDetail,
  ): Promise<void> {
    const seconds = Math.max(1, Math.ceil(timeToBlockExpire));
    refuseStream(context, 'limit', Math.round(seconds * 1000 * (1 + Math.random() / 2)));
    throw new ProblemException(429, 'too_many_requests', `Too many requests: try again in ${seconds} s.`, {
      headers: { 'Retry-After': String(seconds) },
    });
  }
}
