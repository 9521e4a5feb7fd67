import type { Gap } from './control-events.js';
import type { Cursor } from './cursor.js';
import type { EventMap, Message } from './message.js';

/** Most messages of one page. */
export const MAX_PAGE_SIZE = 500;

/** The answer to a poll: the same messages and cursors as the stream. */
export interface EventPage<E extends EventMap = Record<string, unknown>> {
  events: Message<E>[];
  /** The cursor to ask after next. */
  cursor: Cursor;
  /** Whether there is more now. */
  more: boolean;
  /** State of the run; absent on feeds that are not a run's. */
  status?: string;
  gap?: Gap;
}
