import { type ExecutionContext, Injectable } from '@nestjs/common';
import { type FeedEvents, Runs } from '@throughline/nest-runs';
import type { EventLog, SseSource } from '@throughline/nest-sse';
import type { SignedInRequest } from '../accounts/index.js';
import { ProblemException } from '../platform/http/index.js';

/** The signed-in user's feed: the `status` messages of all their runs. */
@Injectable()
export class FeedEventSource implements SseSource {
  constructor(private readonly runs: Runs) {}

  open(context: ExecutionContext): EventLog<FeedEvents> {
    const { user } = context.switchToHttp().getRequest<SignedInRequest>();
    if (user === undefined) throw new ProblemException(401, 'not_signed_in', 'Sign in to follow your runs.');
    return this.runs.feed(user.id);
  }
}
