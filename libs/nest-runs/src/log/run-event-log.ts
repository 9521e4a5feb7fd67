import { isTerminal, type Cursor, type NewMessage, type RunEvents } from '@throughline/sse-protocol';
import type { EventLog, LogPage, LogTail } from '@throughline/nest-sse';
import type { Observable } from 'rxjs';
import type { RunClock } from '../run-clock.js';
import { RunEnded, RunNotFound } from '../run-errors.js';
import type { RunEventStore } from '../store/run-event.store.js';
import type { RunSnapshotStore } from '../store/run-snapshot.store.js';
import type { RunDatabase } from '../store/run-tables.js';
import type { RunHints } from './run-hints.js';
import { isSequenceCursor, toLogPage, toSequence } from './stored-event-log.js';

/** What the logs of runs are read from. */
export interface RunEventLogSources {
  db: RunDatabase;
  events: RunEventStore;
  snapshots: RunSnapshotStore;
  hints: RunHints;
  clock: RunClock;
  snapshotUrl: (runId: string) => string;
}

/** The log of one run: ids from 1 without holes, ended when the run is, going on when it is retried. */
export class RunEventLog implements EventLog<RunEvents> {
  readonly changes: Observable<Cursor>;
  /** What its streams are listed under. */
  readonly name: string;

  constructor(
    private readonly runId: string,
    private readonly sources: RunEventLogSources,
  ) {
    this.changes = sources.hints.watch('run', runId);
    this.name = `run:${runId}`;
  }

  /** For tools and tests: steps use their context's `emit`. Rejects with {@link RunEnded} or {@link RunNotFound}. */
  async append(messages: readonly NewMessage<RunEvents>[]): Promise<Cursor> {
    const { db, events, snapshots, hints, clock } = this.sources;
    const state = await snapshots.status(db, this.runId);
    if (!state) throw new RunNotFound(this.runId);
    if (isTerminal(state.status)) throw new RunEnded(this.runId);
    const stored = messages.map(({ event, data }) => ({ event, data: JSON.stringify(data) }));
    const seq = await events.append(db, this.runId, stored, { now: new Date(clock.now()) });
    if (seq === undefined) throw new RunNotFound(this.runId);
    if (messages.length > 0) hints.runChanged(this.runId, seq);
    return String(seq);
  }

  /** The log of a run that was deleted is empty and ended. */
  async readAfter(cursor: Cursor | undefined, limit: number): Promise<LogPage<RunEvents>> {
    const { db, events, snapshotUrl } = this.sources;
    const page = await events.read(db, this.runId, toSequence(cursor), Math.max(0, limit));
    if (!page) return { events: [], cursor: cursor ?? '0', more: false, ended: true };
    return toLogPage(cursor, page, isTerminal(page.status ?? 'running'), snapshotUrl(this.runId));
  }

  async tail(): Promise<LogTail> {
    const state = await this.sources.snapshots.status(this.sources.db, this.runId);
    if (!state) return { cursor: '0', ended: true };
    return { cursor: String(state.lastSeq), ended: isTerminal(state.status) };
  }

  isCursor(text: string): boolean {
    return isSequenceCursor(text);
  }

  async status(): Promise<string | undefined> {
    return (await this.sources.snapshots.status(this.sources.db, this.runId))?.status;
  }
}
