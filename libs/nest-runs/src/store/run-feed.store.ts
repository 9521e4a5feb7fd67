import type { RunDatabase, RunTransaction } from './run-tables.js';
import { sql } from 'kysely';
import { toMessage, type StoredMessage, type StoredPage } from './run-event.store.js';

/**
 * Feeds: the `status` messages of all runs of an owner, in a log of its own. It is written in the same transaction as
 * the run's message, and its sequence comes from the owner's row, so that it has neither holes nor reorder either.
 * Every transaction takes the run's row before the feed's, so two can't wait for each other.
 */
export class RunFeedStore {
  /** Appends and answers with the last sequence number of the feed. */
  async append(
    db: RunDatabase | RunTransaction,
    owner: string,
    messages: readonly StoredMessage[],
    now: Date,
  ): Promise<number> {
    const events = messages.map(({ event }) => event);
    const data = messages.map((message) => message.data);
    const { last_seq } = await db
      .insertInto('run_feed')
      .values({ owner, last_seq: messages.length })
      .onConflict((conflict) =>
        conflict.column('owner').doUpdateSet({ last_seq: sql<number>`run_feed.last_seq + excluded.last_seq` }),
      )
      .returning('last_seq')
      .executeTakeFirstOrThrow();
    if (messages.length > 0) {
      await sql`
        insert into run_feed_event (owner, seq, event, data, created_at)
        select ${owner}, ${last_seq - messages.length}::integer + message.place, message.event, message.data, ${now}::timestamptz
        from unnest(${events}::text[], ${data}::text[]) with ordinality as message (event, data, place)`.execute(db);
    }
    return last_seq;
  }

  /** Reads at most `limit` messages after `seq`, with the state of the feed in the same instant. */
  async read(db: RunDatabase, owner: string, seq: number, limit: number): Promise<StoredPage> {
    const rows = await db
      .selectFrom('run_feed')
      .leftJoinLateral(
        (query) =>
          query
            .selectFrom('run_feed_event')
            .whereRef('run_feed_event.owner', '=', 'run_feed.owner')
            .where('run_feed_event.seq', '>', seq)
            .select(['run_feed_event.seq', 'run_feed_event.event', 'run_feed_event.data'])
            .orderBy('run_feed_event.seq')
            .limit(limit)
            .as('entry'),
        (join) => join.onTrue(),
      )
      .where('run_feed.owner', '=', owner)
      .select(['run_feed.last_seq', 'run_feed.trimmed_seq', 'entry.seq', 'entry.event', 'entry.data'])
      .orderBy('entry.seq')
      .execute();
    const [first] = rows;
    if (!first) return { lastSeq: 0, trimmedSeq: 0, events: [] };
    return {
      lastSeq: first.last_seq,
      trimmedSeq: first.trimmed_seq,
      events: rows.flatMap((row) => toMessage(row.seq, row.event, row.data)),
    };
  }

  /** Where the feeds of some owners end. */
  async tails(db: RunDatabase, owners: readonly string[]): Promise<Map<string, number>> {
    if (owners.length === 0) return new Map();
    const rows = await db.selectFrom('run_feed').where('owner', 'in', owners).select(['owner', 'last_seq']).execute();
    return new Map(rows.map((row) => [row.owner, row.last_seq]));
  }

  /** Trims what is older than `cutOff`. Entries of one feed may be out of order in time, never in sequence. */
  async trim(db: RunDatabase, cutOff: Date): Promise<void> {
    await sql`
      with due as (
        select owner, max(seq) as seq from run_feed_event where created_at <= ${cutOff}::timestamptz group by owner
      ), gone as (
        delete from run_feed_event using due where run_feed_event.owner = due.owner and run_feed_event.seq <= due.seq
      )
      update run_feed set trimmed_seq = due.seq from due where run_feed.owner = due.owner and run_feed.trimmed_seq < due.seq`.execute(
      db,
    );
  }

  async remove(db: RunDatabase | RunTransaction, owner: string): Promise<void> {
    await db.deleteFrom('run_feed').where('owner', '=', owner).execute();
  }
}
