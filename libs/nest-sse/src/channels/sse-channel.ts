import {
  encodeData,
  type Cursor,
  type EventMap,
  type Gap,
  type Message,
  type NewMessage,
} from '@throughline/sse-protocol';
import { Observable, type Subscriber } from 'rxjs';
import type { SseClock } from '../clock.js';
import type { EventDefinitions } from '../events/define-events.js';
import { withTimestamp } from '../stream/frame-encoder.js';
import type { MessageValidator } from '../validation/message-validator.js';
import type { ChannelLog } from './channel-log.js';

/** A channel's messages after a cursor were asked for, and they cannot be had without a hole. */
export class ChannelGapError extends Error {
  override readonly name = 'ChannelGapError';
  readonly code = 'channel_gap';

  constructor(
    channel: string,
    /** What is missing; go on after `gap.to`. */
    readonly gap: Gap,
  ) {
    super(`The channel ${JSON.stringify(channel)} cannot be continued after ${gap.from} (${gap.reason}).`);
  }
}

/** A named stream of messages with bounded history, for all who are connected to this process. */
export class SseChannel<E extends EventMap = Record<string, unknown>> {
  private events: EventDefinitions | undefined;
  /** Messages that are checked keep their order, however long a check takes. */
  private checked: Promise<unknown> = Promise.resolve();

  /** @internal */
  constructor(
    readonly name: string,
    /** What the channel's messages are kept in; return it from a handler to stream the channel. */
    readonly log: ChannelLog<E>,
    private readonly clock: SseClock,
    private readonly validator?: MessageValidator,
  ) {}

  /**
   * Appends a message as it is now; data that is an object gets a `timestamp`. Resolves with its cursor; rejects with `FrameError` for
   * what no stream could send, with {@link EventLogEndedError} once the channel was deleted, and with `validateMessages:
   * 'error'`, with {@link InvalidMessageError} for what is not as the channel's events were defined.
   */
  async publish({ event, data }: NewMessage<E>): Promise<Cursor> {
    const message = { event, data: withTimestamp(data, this.clock) } as NewMessage<E>;
    const { events, validator } = this;
    if (!events || !validator?.isOn) return this.log.append([message]);
    // As it is now: a check may wait for the one before it.
    const kept = { event, data: JSON.parse(encodeData(event, message.data)) as unknown } as NewMessage<E>;
    const published = this.checked
      .then(() => validator.assert(`The channel ${this.name}`, events, message))
      .then(() => this.log.append([kept]));
    this.checked = published.catch(() => undefined);
    return published;
  }

  /** @internal Says what is published here; the newest word counts. */
  define(events: EventDefinitions): void {
    this.events = events;
  }

  /**
   * The messages after `cursor` (without one, from the oldest that is kept), then each as it comes; completes at the
   * log's end. Fails with {@link ChannelGapError} where messages after the cursor are gone.
   */
  stream(cursor?: Cursor): Observable<Message<E>> {
    return new Observable((subscriber) => new ChannelReading(this.name, this.log, cursor, subscriber).begin());
  }
}

/** One subscription to a channel: reads until dry, then again at each hint. */
class ChannelReading<E extends EventMap> {
  private isReading = false;
  private isHinted = false;

  constructor(
    private readonly name: string,
    private readonly log: ChannelLog<E>,
    private cursor: Cursor | undefined,
    private readonly subscriber: Subscriber<Message<E>>,
  ) {}

  begin(): void {
    this.subscriber.add(
      this.log.changes.subscribe({
        next: () => this.wake(),
        error: (error: unknown) => this.subscriber.error(error),
      }),
    );
    this.wake();
  }

  private wake(): void {
    this.isHinted = true;
    if (!this.isReading) void this.readWhileHinted();
  }

  private async readWhileHinted(): Promise<void> {
    this.isReading = true;
    try {
      while (this.isHinted && !this.subscriber.closed) {
        this.isHinted = false;
        await this.readUntilDry();
      }
    } catch (error) {
      this.subscriber.error(error);
    } finally {
      // In the same turn as the last look at isHinted, so no hint is lost in between.
      this.isReading = false;
    }
  }

  private async readUntilDry(): Promise<void> {
    for (let more = true; more && !this.subscriber.closed;) {
      const page = await this.log.readAfter(this.cursor, 100);
      if (page.gap && this.cursor !== undefined) throw new ChannelGapError(this.name, page.gap);
      for (const message of page.events) this.subscriber.next(message);
      ({ cursor: this.cursor, more } = page);
      if (!more && page.ended) this.subscriber.complete();
    }
  }
}
