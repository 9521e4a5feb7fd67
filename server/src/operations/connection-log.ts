import { Injectable } from '@nestjs/common';
import { MemoryEventLog } from '@throughline/nest-sse';
import type { ConnectionEvents } from './connection-events.js';

/** Five minutes of changes while somebody watches; who was away for longer reads the list again. */
const MOST_MESSAGES = 300;
const MOST_BYTES = 1024 * 1024;

/** What became of the open streams of this process; what it has trimmed, the list of those that are open stands for. */
@Injectable()
export class ConnectionLog extends MemoryEventLog<ConnectionEvents> {
  /** By this it is shown among the open streams itself. */
  readonly name = 'connections';

  constructor() {
    super({ maxMessages: MOST_MESSAGES, maxBytes: MOST_BYTES, snapshotUrl: '/api/v1/operations/connections' });
  }
}
