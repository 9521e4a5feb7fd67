import type { Cursor, NewMessage } from '@throughline/sse-protocol';
import { finalize, mergeMap, Observable } from 'rxjs';
import type { EventLog, LogPage, LogTail } from '../../log/event-log.js';
import { MemoryEventLog, type MemoryEventLogOptions } from '../../log/memory-event-log.js';

/** A log that tells who reads it, and that can be made to misbehave within the contract; for the library's own specs. */
export class WatchedLog implements EventLog {
  /** Who listens to its hints now. */
  listeners = 0;
  /** Messages handed out so far, each as often as it was. */
  handedOut = 0;
  /** Called after each read, before the reader has the page. */
  afterRead: (() => Promise<unknown>) | undefined;
  /** How often the nth hint is told: 0 loses it, 2 doubles it. */
  timesTold: (n: number) => number = () => 1;
  readonly changes: Observable<Cursor>;

  private readonly inner: MemoryEventLog;
  private hints = 0;

  constructor(options: MemoryEventLogOptions = {}) {
    this.inner = new MemoryEventLog(options);
    this.changes = new Observable((subscriber) => {
      this.listeners += 1;
      return this.inner.changes
        .pipe(
          mergeMap((cursor) => Array.from({ length: this.timesTold((this.hints += 1)) }, () => cursor)),
          finalize(() => (this.listeners -= 1)),
        )
        .subscribe(subscriber);
    });
  }

  append(events: readonly NewMessage[]): Promise<Cursor> {
    return this.inner.append(events);
  }

  async readAfter(cursor: Cursor | undefined, limit: number): Promise<LogPage> {
    const page = await this.inner.readAfter(cursor, limit);
    this.handedOut += page.events.length;
    await this.afterRead?.();
    return page;
  }

  tail(): Promise<LogTail> {
    return this.inner.tail();
  }

  isCursor(text: string): boolean {
    return this.inner.isCursor(text);
  }

  end(): void {
    this.inner.end();
  }
}
