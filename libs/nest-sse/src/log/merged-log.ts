import type { Cursor, EventMap, Gap, Message } from '@throughline/sse-protocol';
import { map, merge, type Observable } from 'rxjs';
import type { LogPage, LogTail } from './event-log.js';
import type { MergedEvents } from './log-events.js';
import { assertFits, encodePlace, joinPlaces, keyOf, splitPlaces, START } from './merged-cursor.js';
import { mergePages } from './merge-pages.js';
import type { ReadableLog } from './readable-log.js';
import { sharedViews } from './shared-views.js';

/** Options of {@link mergeLogs}. */
export interface MergeOptions {
  /**
   * The longest cursor that any of the logs gives, in characters: a merged cursor holds one of each log and at most 256
   * characters, so this decides how many can be merged. Default 23, which allows 8: enough for a {@link MemoryEventLog}
   * with an epoch of its own making, and for a run's sequence number.
   */
  maxCursorLength?: number;
}

const DEFAULT_MAX_CURSOR_LENGTH = 23;

interface Source {
  readonly name: string;
  readonly key: string;
  readonly log: ReadableLog;
}

/**
 * Several logs as one stream with one cursor, so that a plain `EventSource` resumes all of them. Its cursor names a place
 * in each log: of each, every message comes once and in order, whatever the interleaving that a reader was sent. Messages
 * are interleaved by their data's `timestamp`, as far as they are there when they are read. It has ended when all have.
 *
 * A cursor of another set of logs is continued as far as it goes: a log that it does not know starts at its start, one
 * that is not there any more is dropped. A gap in one of the logs is one of the whole, with that log's snapshot; gaps in
 * several are told one after the other.
 */
export class MergedLog<E extends EventMap = Record<string, unknown>> implements ReadableLog<E> {
  readonly changes: Observable<Cursor>;
  /** The names of the logs, sorted. */
  readonly names: readonly string[];
  /** All names, for {@link SseConnections}. */
  readonly name: string;

  private readonly sources: readonly Source[];

  /** As {@link mergeLogs}, which gives the same object for the same logs. */
  constructor(logs: Readonly<Record<string, ReadableLog>>, { maxCursorLength }: MergeOptions = {}) {
    this.names = Object.keys(logs).sort();
    this.name = this.names.join(', ');
    this.sources = this.names.map((name) => ({ name, key: keyOf(name), log: logs[name] as ReadableLog }));
    if (this.sources.length === 0) throw new RangeError('There is no log to merge.');
    assertFits(this.sources.length, maxCursorLength ?? DEFAULT_MAX_CURSOR_LENGTH);
    if (new Set(this.sources.map(({ key }) => key)).size < this.sources.length) {
      throw new RangeError(`Two of the names ${this.name} have the same key in cursors: rename one of the logs.`);
    }
    const hints = this.sources.map(({ key, log }) =>
      log.changes.pipe(map((cursor) => joinPlaces([encodePlace(key, cursor)]))),
    );
    this.changes = merge(...hints);
  }

  /** Rejects with {@link MergedCursorError} where the logs' cursors are longer than `maxCursorLength` said. */
  async readAfter(cursor: Cursor | undefined, limit: number): Promise<LogPage<E>> {
    const known = splitPlaces(cursor ?? START);
    if (!known) return foreign(cursor as Cursor);
    const sources = await Promise.all(
      this.sources.map(async ({ key, log }) => {
        const from = known.get(key);
        return { key, from, page: await log.readAfter(from, limit) };
      }),
    );
    const page = mergePages(sources, cursor, limit);
    return { ...page, events: page.events as Message<E>[] };
  }

  async tail(): Promise<LogTail> {
    const tails = await Promise.all(this.sources.map(({ log }) => log.tail()));
    return {
      cursor: joinPlaces(this.sources.map(({ key }, index) => encodePlace(key, (tails[index] as LogTail).cursor))),
      ended: tails.every(({ ended }) => ended),
    };
  }

  isCursor(text: string): boolean {
    const places = splitPlaces(text);
    if (!places) return false;
    return this.sources.every(({ key, log }) => {
      const place = places.get(key);
      return place === undefined || log.isCursor(place);
    });
  }
}

/** Nothing is known of such a cursor: it is continued from the start. */
function foreign<E extends EventMap>(cursor: Cursor): LogPage<E> {
  const gap: Gap = { reason: 'epoch', from: cursor, to: START, snapshot: '' };
  return { events: [], cursor: START, more: true, ended: false, gap };
}

/**
 * Merges logs into one {@link MergedLog}, the same object for the same logs under the same names while it is in use.
 * Names stand in cursors: keep them stable. Throws {@link MergedCursorError} for more logs than one cursor can hold.
 *
 * @param logs the logs by name, such as `{ workspace: …, user: … }`
 */
export function mergeLogs<Logs extends Record<string, ReadableLog>>(
  logs: Logs,
  options: MergeOptions = {},
): MergedLog<MergedEvents<Logs>> {
  const parts = Object.keys(logs)
    .sort()
    .map((name) => [name, sharedViews.numberOf(logs[name] as ReadableLog)]);
  const key = JSON.stringify(['merged', options.maxCursorLength ?? DEFAULT_MAX_CURSOR_LENGTH, parts]);
  return sharedViews.of(key, () => new MergedLog<MergedEvents<Logs>>(logs, options));
}
