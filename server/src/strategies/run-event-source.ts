import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Runs } from '@throughline/nest-runs';
import type { EventLog, SseSource } from '@throughline/nest-sse';
import type { RunEvents } from '@throughline/sse-protocol';
import type { SignedInRequest } from '../accounts/index.js';
import { notFound } from './not-found.js';

/** The log of the run that a request names, for its owner only. */
@Injectable()
export class RunEventSource implements SseSource {
  constructor(private readonly runs: Runs) {}

  async open(context: ExecutionContext): Promise<EventLog<RunEvents>> {
    const { params, user } = context.switchToHttp().getRequest<SignedInRequest & { params: { id: string } }>();
    const run = await this.runs.find(params.id);
    if (run === undefined || run.owner !== user?.id) throw notFound('run');
    return this.runs.events(run.id);
  }
}
