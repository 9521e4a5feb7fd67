import type { EventMap, Message } from '@throughline/sse-protocol';
import { Subject, type Observable } from 'rxjs';
import type { SseConnectOptions } from '../sse-connection';
import type { SseError } from '../sse-error';
import type { ReceivedMessage } from '../stream/received-message';
import { checkMessage, type InvalidMessage } from '../validation';

/** Hands messages to those who want them. What nobody wants is neither parsed nor checked. */
export class FanOut<E extends EventMap> {
  readonly #options: Pick<SseConnectOptions<E>, 'validate' | 'acceptsText'>;
  readonly #messages = new Subject<Message<E>>();
  readonly #invalid = new Subject<InvalidMessage>();
  readonly #byEvent = new Map<string, Subject<unknown>>();
  #end: { readonly error: SseError | undefined } | undefined;

  constructor(options: Pick<SseConnectOptions<E>, 'validate' | 'acceptsText'>) {
    this.#options = options;
  }

  get messages(): Observable<Message<E>> {
    return this.#messages;
  }

  get invalid(): Observable<InvalidMessage> {
    return this.#invalid;
  }

  /** Whether it has ended, so that subscribing to it gives only its end. */
  get hasEnded(): boolean {
    return this.#end !== undefined;
  }

  /** Data of one event. */
  of<K extends keyof E & string>(event: K): Observable<E[K]> {
    let subject = this.#byEvent.get(event);
    if (!subject) {
      subject = new Subject<unknown>();
      if (this.#end) finish(subject, this.#end.error);
      this.#byEvent.set(event, subject);
    }
    return subject as Observable<unknown> as Observable<E[K]>;
  }

  deliver(received: ReceivedMessage): void {
    const subject = this.#byEvent.get(received.event);
    if (!this.#messages.observed && !this.#invalid.observed && !subject?.observed) return;
    const reading = received.read(this.#options.acceptsText);
    if (reading.invalid) return this.#invalid.next(reading.invalid);
    const checked = checkMessage(reading.message, this.#options.validate);
    if (checked.invalid) return this.#invalid.next(checked.invalid);
    this.#messages.next(checked.message);
    subject?.next((checked.message as { readonly data: unknown }).data);
  }

  /** Ends all: with an error, those who want messages get it. */
  end(error: SseError | undefined): void {
    if (this.#end) return;
    this.#end = { error };
    this.#invalid.complete();
    finish(this.#messages, error);
    for (const subject of this.#byEvent.values()) finish(subject, error);
  }
}

function finish<T>(subject: Subject<T>, error: SseError | undefined): void {
  if (error) subject.error(error);
  else subject.complete();
}
