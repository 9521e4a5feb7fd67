import { Inject, Injectable, Optional } from '@nestjs/common';
import type { Cursor, EventMap, Message, NewMessage } from '@throughline/sse-protocol';
import { Observable } from 'rxjs';
import type { EventDefinitions, EventsOf } from '../events/define-events.js';
import { withTimestamp } from '../stream/frame-encoder.js';
import { MemoryEventLog, type MemoryEventLogOptions } from '../log/memory-event-log.js';
import type { SseSettings } from '../sse-options.js';
import { SSE_SETTINGS } from '../sse-tokens.js';
import { MessageValidator } from '../validation/message-validator.js';

/** The log of a channel: a {@link MemoryEventLog} with the channel's name, as {@link SseConnections} shows it. */
export class ChannelLog<E extends EventMap = Record<string, unknown>> extends MemoryEventLog<E> {
  constructor(
    readonly name: string,
    options: MemoryEventLogOptions,
  ) {
    super(options);
  }
}

/** A named stream of messages with bounded history, for all who are connected to this process. */
export class SseChannel<E extends EventMap = Record<string, unknown>> {
  /** What the channel's messages are kept in; return it from a handler to stream the channel. */
  readonly log: ChannelLog<E>;
  private events: EventDefinitions | undefined;
  /** Messages that are checked keep their order, however long a check takes. */
  private checked: Promise<unknown> = Promise.resolve();

  constructor(
    readonly name: string,
    private readonly settings: SseSettings,
    private readonly validator?: MessageValidator,
  ) {
    this.log = new ChannelLog(name, { maxMessages: settings.channelMaxMessages });
  }

  /**
   * Appends a message; data that is an object gets a `timestamp`. Resolves with its cursor. With `validateMessages:
   * 'error'`, rejects with {@link InvalidMessageError} where the message is not as the channel's events were defined.
   */
  publish({ event, data }: NewMessage<E>): Promise<Cursor> {
    const message = { event, data: withTimestamp(data, this.settings.clock) } as NewMessage<E>;
    const { events, validator } = this;
    if (!events || !validator?.isOn) return this.log.append([message]);
    const published = this.checked
      .then(() => validator.assert(`The channel ${this.name}`, events, message))
      .then(() => this.log.append([message]));
    this.checked = published.catch(() => undefined);
    return published;
  }

  /** Says what is published here; the first word counts. */
  define(events: EventDefinitions): void {
    this.events ??= events;
  }

  /** The messages after `cursor` (from the start without one), then each as it comes; completes at the log's end. */
  stream(cursor?: Cursor): Observable<Message<E>> {
    return new Observable((subscriber) => {
      let at = cursor;
      let reading = Promise.resolve();
      const read = async (): Promise<void> => {
        for (let more = true; more && !subscriber.closed;) {
          const page = await this.log.readAfter(at, 100);
          for (const message of page.events) subscriber.next(message);
          ({ cursor: at, more } = page);
          if (!more && page.ended) subscriber.complete();
        }
      };
      const next = (): void => void (reading = reading.then(read));
      subscriber.add(this.log.changes.subscribe(next));
      next();
    });
  }
}

/** The channels of this process, by name; each is made when it is first asked for and lives until it is deleted. */
@Injectable()
export class SseChannels {
  private readonly channels = new Map<string, SseChannel>();

  constructor(
    @Inject(SSE_SETTINGS) private readonly settings: SseSettings,
    @Optional() private readonly validator?: MessageValidator,
  ) {}

  /** The channel of that name. The type parameter is the caller's word for what is published there. */
  get<E extends EventMap = Record<string, unknown>>(name: string): SseChannel<E>;
  /** The same, typed by what {@link defineEvents} made; in development, what is published is checked against it. */
  get<D extends EventDefinitions>(name: string, events: D): SseChannel<EventsOf<D>>;
  get<E extends EventMap>(name: string, events?: EventDefinitions): SseChannel<E> {
    let channel = this.channels.get(name);
    if (!channel) this.channels.set(name, (channel = new SseChannel(name, this.settings, this.validator)));
    if (events) channel.define(events);
    return channel as unknown as SseChannel<E>;
  }

  /** Ends the channel: its streams complete, its history is gone. Answers whether there was one. */
  delete(name: string): boolean {
    this.channels.get(name)?.log.end();
    return this.channels.delete(name);
  }
}
