import type { Cursor, EventMap, NewMessage } from '@throughline/sse-protocol';
import { Observable } from 'rxjs';
import type { EventLog, LogPage, LogTail } from '../log/event-log.js';
import type { MemoryEventLog } from '../log/memory-event-log.js';
import type { SseClock } from '../clock.js';
import type { ChannelLife, ChannelShelf } from './channel-shelf.js';

/**
 * The log of a channel, with the channel's name, as {@link SseConnections} shows it. It may be held for as long as one
 * likes: where the channel was dropped for idleness meanwhile, it goes on with a new epoch, so that nothing is published
 * to nobody, and cursors from before get an `epoch` gap. After {@link SseChannels.delete} it has ended for good.
 */
export class ChannelLog<E extends EventMap = Record<string, unknown>> implements EventLog<E> {
  readonly changes: Observable<Cursor>;

  /** @internal */
  constructor(
    readonly name: string,
    private life: ChannelLife,
    private readonly shelf: ChannelShelf,
    private readonly clock: SseClock,
  ) {
    this.changes = new Observable((subscriber) => {
      const { present } = this;
      present.listeners += 1;
      const subscription = present.log.changes.subscribe(subscriber);
      return () => {
        subscription.unsubscribe();
        present.listeners -= 1;
        present.usedAtMs = this.clock.now();
      };
    });
  }

  /** As {@link MemoryEventLog.append}; rejects with {@link ChannelLimitError} where there is no room for a new life. */
  async append(events: readonly NewMessage<E>[]): Promise<Cursor> {
    return this.log.append(events);
  }

  async readAfter(cursor: Cursor | undefined, limit: number): Promise<LogPage<E>> {
    return this.log.readAfter(cursor, limit);
  }

  async tail(): Promise<LogTail> {
    return this.log.tail();
  }

  isCursor(text: string): boolean {
    return this.life.log.isCursor(text);
  }

  /** As {@link MemoryEventLog.end}. */
  end(): void {
    this.log.end();
  }

  /** As {@link MemoryEventLog.reopen}. */
  reopen(): void {
    this.log.reopen();
  }

  private get log(): MemoryEventLog<E> {
    // What is published in a channel is its users' word, as with SseChannels.get.
    return this.present.log as unknown as MemoryEventLog<E>;
  }

  /** The channel's present life, which is used herewith. */
  private get present(): ChannelLife {
    if (this.life.isEvicted) this.life = this.shelf.of(this.name);
    this.life.usedAtMs = this.clock.now();
    return this.life;
  }
}
