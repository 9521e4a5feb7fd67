import type { Message } from '@throughline/sse-protocol';
import { sql } from 'kysely';
import type { RunDatabase, RunTables, RunTransaction } from './run-tables.js';

/** A message ready to be stored: its data is JSON already. */
export interface StoredMessage {
  event: string;
  data: string;
}

/** What else an append may change on the run's row, so that the snapshot keeps step with the log. */
export interface AppendOptions {
  /** Append only while the run has this epoch: a worker that lost the run writes nothing. */
  epoch?: number;
  /** The run's progress after these messages. */
  progress?: number;
  now: Date;
}

/** A part of a log as its table has it. */
export interface StoredPage {
  lastSeq: number;
  trimmedSeq: number;
  /** A run's status; of a feed `undefined`. */
  status?: RunTables['run']['status'];
  events: Message[];
}

/** Reads and writes the messages of runs. The sequence comes from the run's row: commit order is sequence order. */
export class RunEventStore {
  /**
   * Appends in one statement: the row's update orders concurrent writers, and its `where` fences them.
   * Answers with the sequence number of the last message; `undefined` where the run is gone or its epoch is another.
   */
  async append(
    db: RunDatabase | RunTransaction,
    runId: string,
    messages: readonly StoredMessage[],
    { epoch, progress, now }: AppendOptions,
  ): Promise<number | undefined> {
    const events = messages.map(({ event }) => event);
    const data = messages.map((message) => message.data);
    const { rows } = await sql<{ last_seq: number }>`
      with bump as (
        update run set last_seq = last_seq + ${messages.length}::integer, touched_at = ${now},
          progress = coalesce(${progress ?? null}::integer, progress)
        where id = ${runId} and epoch = coalesce(${epoch ?? null}::integer, epoch)
        returning last_seq
      ), added as (
        insert into run_event (run_id, seq, event, data)
        select ${runId}, bump.last_seq - ${messages.length}::integer + message.place, message.event, message.data
        from bump, unnest(${events}::text[], ${data}::text[]) with ordinality as message (event, data, place)
      )
      select last_seq from bump`.execute(db);
    return rows[0]?.last_seq;
  }

  /** Reads at most `limit` messages after `seq`, with the state of the log in the same instant; `undefined`: no run. */
  async read(db: RunDatabase, runId: string, seq: number, limit: number): Promise<StoredPage | undefined> {
    const rows = await db
      .selectFrom('run')
      .leftJoinLateral(
        (query) =>
          query
            .selectFrom('run_event')
            .whereRef('run_event.run_id', '=', 'run.id')
            .where('run_event.seq', '>', seq)
            .select(['run_event.seq', 'run_event.event', 'run_event.data'])
            .orderBy('run_event.seq')
            .limit(limit)
            .as('entry'),
        (join) => join.onTrue(),
      )
      .where('run.id', '=', runId)
      .select(['run.last_seq', 'run.trimmed_seq', 'run.status', 'entry.seq', 'entry.event', 'entry.data'])
      .orderBy('entry.seq')
      .execute();
    const [first] = rows;
    if (!first) return undefined;
    return {
      lastSeq: first.last_seq,
      trimmedSeq: first.trimmed_seq,
      status: first.status,
      events: rows.flatMap((row) => toMessage(row.seq, row.event, row.data)),
    };
  }

  /** Where the logs of some runs end. */
  async tails(db: RunDatabase, runIds: readonly string[]): Promise<Map<string, number>> {
    if (runIds.length === 0) return new Map();
    const rows = await db.selectFrom('run').where('id', 'in', runIds).select(['id', 'last_seq']).execute();
    return new Map(rows.map((row) => [row.id, row.last_seq]));
  }

  /** Trims what runs that ended before `cutOff` left, but for the last message. Answers with how many runs. */
  async trim(db: RunDatabase, cutOff: Date, limit: number): Promise<number> {
    return db.transaction().execute(async (transaction) => {
      const due = await transaction
        .selectFrom('run')
        .where('finished_at', '<=', cutOff)
        .whereRef('trimmed_seq', '<', sql<number>`last_seq - 1`)
        .select(['id', 'last_seq'])
        .limit(limit)
        .forUpdate()
        .skipLocked()
        .execute();
      for (const { id, last_seq } of due) {
        await transaction.deleteFrom('run_event').where('run_id', '=', id).where('seq', '<', last_seq).execute();
        await transaction
          .updateTable('run')
          .set({ trimmed_seq: last_seq - 1 })
          .where('id', '=', id)
          .execute();
      }
      return due.length;
    });
  }
}

/** One row of a left join as a message; none where the join found none. */
export function toMessage(seq: number | null, event: string | null, data: string | null): Message[] {
  if (seq === null || event === null || data === null) return [];
  return [{ event, id: String(seq), data: JSON.parse(data) as unknown }];
}
