import type { Cursor, NewMessage, StatusData } from '@throughline/sse-protocol';
import type { EventLog, LogPage, LogTail } from '@throughline/nest-sse';
import type { Observable } from 'rxjs';
import type { RunClock } from '../run-clock.js';
import type { RunFeedStore } from '../store/run-feed.store.js';
import type { RunDatabase } from '../store/run-tables.js';
import type { RunHints } from './run-hints.js';
import { isSequenceCursor, toLogPage, toSequence } from './stored-event-log.js';

/** What a feed carries. */
export interface FeedEvents {
  status: StatusData;
}

/** What feeds are read from. */
export interface FeedEventLogSources {
  db: RunDatabase;
  feeds: RunFeedStore;
  hints: RunHints;
  clock: RunClock;
  feedSnapshotUrl: (owner: string) => string;
}

/** An owner's feed: the `status` messages of all their runs, with a cursor of its own. It never ends. */
export class FeedEventLog implements EventLog<FeedEvents> {
  readonly changes: Observable<Cursor>;
  /** What its streams are listed under. */
  readonly name = 'feed';

  constructor(
    private readonly owner: string,
    private readonly sources: FeedEventLogSources,
  ) {
    this.changes = sources.hints.watch('feed', owner);
  }

  /** For tools and tests: runs write their feed themselves. */
  async append(messages: readonly NewMessage<FeedEvents>[]): Promise<Cursor> {
    const { db, feeds, hints, clock } = this.sources;
    if (messages.length === 0) return (await this.tail()).cursor;
    const stored = messages.map(({ event, data }) => ({ event, data: JSON.stringify(data) }));
    const now = new Date(clock.now());
    const seq = await db.transaction().execute((transaction) => feeds.append(transaction, this.owner, stored, now));
    hints.feedChanged(this.owner, seq);
    return String(seq);
  }

  async readAfter(cursor: Cursor | undefined, limit: number): Promise<LogPage<FeedEvents>> {
    const { db, feeds, feedSnapshotUrl } = this.sources;
    const page = await feeds.read(db, this.owner, toSequence(cursor), Math.max(0, limit));
    return toLogPage(cursor, page, false, feedSnapshotUrl(this.owner));
  }

  async tail(): Promise<LogTail> {
    const tails = await this.sources.feeds.tails(this.sources.db, [this.owner]);
    return { cursor: String(tails.get(this.owner) ?? 0), ended: false };
  }

  isCursor(text: string): boolean {
    return isSequenceCursor(text);
  }
}
