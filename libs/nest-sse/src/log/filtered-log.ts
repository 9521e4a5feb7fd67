import type { Cursor, EventMap, Message } from '@throughline/sse-protocol';
import type { Observable } from 'rxjs';
import type { LogPage, LogTail } from './event-log.js';
import type { LogEvents } from './log-events.js';
import type { ReadableLog, ReadablePage } from './readable-log.js';
import { sharedViews } from './shared-views.js';

/** Messages that are read of the log at a time, where fewer are asked for: of what is read, few may be kept. */
const MIN_READ = 100;
/** Reads of the log for one page at most: then the page is empty and says where to go on. */
const MAX_READS = 10;

/** What a {@link FilteredLog} keeps. */
export interface LogFilter<K extends string = string> {
  /** The names of the events to keep; at least one. */
  readonly events: readonly K[];
}

/**
 * A log of which only events with certain names are seen. It goes by names alone: who leaves out `complete` is not sent
 * it, though the stream ends when the log does. Gaps are told as they are. Control events are no part of any log and
 * always come.
 *
 * Its cursors are the log's own, so a client may change its filter and go on. A page's cursor moves past what was left
 * out, and a page may be empty while there is `more`: the work for one page is bounded.
 */
export class FilteredLog<E extends EventMap = Record<string, unknown>> implements ReadableLog<E> {
  readonly changes: Observable<Cursor>;
  /** The log's own, by which {@link SseConnections} shows it. */
  readonly name?: string;
  /** Of a {@link MergedLog} that is filtered: its own. */
  readonly names?: readonly string[];
  readonly status?: () => Promise<string | undefined>;

  private readonly kept: ReadonlySet<string>;

  /** As {@link filterLog}, which gives the same object for the same log and names. */
  constructor(
    private readonly log: ReadableLog,
    { events }: LogFilter,
  ) {
    if (events.length === 0) throw new RangeError('A filter names at least one event.');
    this.kept = new Set(events);
    this.changes = log.changes;
    const { name, names } = log as { name?: unknown; names?: unknown };
    if (typeof name === 'string') this.name = name;
    if (Array.isArray(names)) this.names = names as readonly string[];
    if (log.status) this.status = async () => log.status?.();
  }

  async readAfter(cursor: Cursor | undefined, limit: number): Promise<LogPage<E>> {
    let page = await this.log.readAfter(cursor, Math.max(limit, MIN_READ));
    const { gap } = page;
    let events = this.keep(page);
    for (let reads = 1; events.length === 0 && page.more && reads < MAX_READS; reads += 1) {
      const next = await this.log.readAfter(page.cursor, Math.max(limit, MIN_READ));
      // A gap stands before its page: it is told when that place is asked for.
      if (next.gap) break;
      page = next;
      events = this.keep(page);
    }
    const all = { events, cursor: page.cursor, more: page.more, ended: page.ended, ...(gap && { gap }) };
    return events.length > limit ? { ...all, ...firstOf(events, limit), more: true } : all;
  }

  tail(): Promise<LogTail> {
    return this.log.tail();
  }

  isCursor(text: string): boolean {
    return this.log.isCursor(text);
  }

  private keep({ events }: ReadablePage): Message<E>[] {
    return events.filter(({ event }) => this.kept.has(event)) as Message<E>[];
  }
}

function firstOf<M extends { readonly id: Cursor }>(events: M[], limit: number): { events: M[]; cursor: Cursor } {
  const first = events.slice(0, Math.max(1, limit));
  return { events: first, cursor: (first.at(-1) as M).id };
}

/**
 * The log with only the events of those names, the same object for the same log and names while it is in use. Throws
 * `RangeError` without any name.
 */
export function filterLog<L extends ReadableLog, K extends keyof LogEvents<L> & string>(
  log: L,
  { events }: LogFilter<K>,
): FilteredLog<Pick<LogEvents<L>, K>> {
  const names = [...new Set<K>(events)].sort();
  const key = JSON.stringify(['filtered', sharedViews.numberOf(log), names]);
  return sharedViews.of(key, () => new FilteredLog<Pick<LogEvents<L>, K>>(log, { events: names }));
}
