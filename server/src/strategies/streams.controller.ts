import { Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FeedEvents } from '@throughline/nest-runs';
import { type EventLog, SseLog, SseStream } from '@throughline/nest-sse';
import type { RunEvents } from '@throughline/sse-protocol';
import { AcceptsTicket } from '../platform/http/index.js';
import { FeedEventSource } from './feed-event-source.js';
import { RunEventSource } from './run-event-source.js';

@ApiTags('streams')
@Controller()
export class StreamsController {
  /** A run, live: an event stream, or a JSON page of the same messages. */
  @AcceptsTicket()
  @SseStream('runs/:id/events', { source: RunEventSource })
  run(@SseLog() log: EventLog<RunEvents>): EventLog<RunEvents> {
    return log;
  }

  /** What happens to all of the user's runs. */
  @AcceptsTicket()
  @SseStream('events', { source: FeedEventSource })
  feed(@SseLog() log: EventLog<FeedEvents>): EventLog<FeedEvents> {
    return log;
  }
}
