import { Inject, Injectable } from '@nestjs/common';
import type { Cursor, EventMap, Message, NewMessage } from '@throughline/sse-protocol';
import { Observable } from 'rxjs';
import { withTimestamp } from '../stream/frame-encoder.js';
import { MemoryEventLog, type MemoryEventLogOptions } from '../log/memory-event-log.js';
import type { SseSettings } from '../sse-options.js';
import { SSE_SETTINGS } from '../sse-tokens.js';

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

  constructor(
    readonly name: string,
    private readonly settings: SseSettings,
  ) {
    this.log = new ChannelLog(name, { maxMessages: settings.channelMaxMessages });
  }

  /** Appends a message; data that is an object gets a `timestamp`. Resolves with its cursor. */
  publish({ event, data }: NewMessage<E>): Promise<Cursor> {
    return this.log.append([{ event, data: withTimestamp(data, this.settings.clock) } as NewMessage<E>]);
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

  constructor(@Inject(SSE_SETTINGS) private readonly settings: SseSettings) {}

  /** The channel of that name. The type parameter is the caller's word for what is published there. */
  get<E extends EventMap = Record<string, unknown>>(name: string): SseChannel<E> {
    let channel = this.channels.get(name);
    if (!channel) this.channels.set(name, (channel = new SseChannel(name, this.settings)));
    return channel as unknown as SseChannel<E>;
  }

  /** Ends the channel: its streams complete, its history is gone. Answers whether there was one. */
  delete(name: string): boolean {
    this.channels.get(name)?.log.end();
    return this.channels.delete(name);
  }
}
