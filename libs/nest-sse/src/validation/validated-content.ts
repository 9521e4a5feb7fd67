import { Injectable } from '@nestjs/common';
import { tap, type Observable } from 'rxjs';
import type { EventDefinitions } from '../events/define-events.js';
import type { ReadableLog, ReadablePage } from '../log/readable-log.js';
import { MessageValidator, type CheckPlace, type CheckedMessage } from './message-validator.js';

/** Puts the check of messages around what is streamed. */
@Injectable()
export class ContentValidator {
  /** The same log is to stay one log, for connections share reads and frames by its identity. */
  private readonly logs = new WeakMap<EventDefinitions, WeakMap<ReadableLog, ReadableLog>>();

  constructor(private readonly messages: MessageValidator) {}

  /**
   * The same Observable, that fails at an invalid message where `mode` is `error`: nothing was promised about what comes
   * after it.
   */
  observable<M>(place: CheckPlace, events: EventDefinitions | undefined, content: Observable<M>): Observable<M> {
    if (!events || !this.messages.isOn) return content;
    return content.pipe(
      tap((message) => {
        const problem = this.inspect(place, events, message);
        if (problem && this.messages.mode === 'error') throw problem;
      }),
    );
  }

  /**
   * The same log, whose messages are checked as they are read. What is in a log is sent in either mode: it has its place
   * there, and a client that could not get past it would come back to it for ever, or miss it in silence.
   */
  log(place: CheckPlace, events: EventDefinitions | undefined, content: ReadableLog): ReadableLog {
    if (!events || !this.messages.isOn) return content;
    let logs = this.logs.get(events);
    if (!logs) this.logs.set(events, (logs = new WeakMap()));
    let validated = logs.get(content);
    if (!validated) logs.set(content, (validated = this.watched(place, events, content)));
    return validated;
  }

  /** Checks the messages of a page. */
  page(
    place: CheckPlace,
    events: EventDefinitions | undefined,
    { events: messages }: Pick<ReadablePage, 'events'>,
  ): void {
    if (!events || !this.messages.isOn) return;
    for (const message of messages) this.inspect(place, events, message);
  }

  private inspect(place: CheckPlace, events: EventDefinitions, message: unknown): Error | undefined {
    // What is no message at all is the encoder's to refuse.
    const isMessage = typeof (message as Partial<CheckedMessage> | null)?.event === 'string';
    return isMessage ? this.messages.inspect(place, events, message as CheckedMessage) : undefined;
  }

  private watched(place: CheckPlace, events: EventDefinitions, log: ReadableLog): ReadableLog {
    const readAfter: ReadableLog['readAfter'] = async (cursor, limit) => {
      const page = await log.readAfter(cursor, limit);
      this.page(place, events, page);
      return page;
    };
    // A proxy, since a log may have more to it than the port: a name, a status, ways to share what was read.
    return new Proxy({} as ReadableLog, {
      get: (_, key) => {
        if (key === 'readAfter') return readAfter;
        const value: unknown = Reflect.get(log, key, log);
        return typeof value === 'function' ? (value.bind(log) as unknown) : value;
      },
      has: (_, key) => key in log,
    });
  }
}
