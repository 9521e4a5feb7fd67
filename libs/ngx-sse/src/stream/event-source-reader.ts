import { isControlEvent, type ControlEvents } from '@throughline/sse-protocol';
import type { EventSourceLike } from '../tokens';
import { ReceivedMessage } from './received-message';

const CONTROL_EVENTS: readonly (keyof ControlEvents)[] = [
  'stream.open',
  'stream.heartbeat',
  'stream.gap',
  'stream.close',
];

/** `EventSource.CLOSED`. */
const CLOSED = 2;

/** What an {@link EventSourceReader} tells. */
export interface EventSourceEvents {
  /** The answer's header came. */
  opened(): void;
  message(message: ReceivedMessage): void;
  /** `data` is `undefined` where it is not a JSON object. */
  control(event: keyof ControlEvents, data: Readonly<Record<string, unknown>> | undefined): void;
  /**
   * The connection broke, and the EventSource has been closed. `isFinal`: the browser would not have tried again, so
   * it got an answer that is no stream; it does not say which.
   */
  lost(isFinal: boolean): void;
}

/**
 * Reads one EventSource up to its first connection error. Then it is closed, so that the browser's scheduler never runs
 * beside ours. Calls nothing after {@link close}.
 */
export class EventSourceReader {
  readonly #source: EventSourceLike;
  readonly #names: ReadonlySet<string>;
  readonly #to: EventSourceEvents;
  #isClosed = false;

  constructor(source: EventSourceLike, events: ReadonlySet<string>, to: EventSourceEvents) {
    this.#source = source;
    this.#to = to;
    this.#names = new Set(['open', 'error', ...events, ...CONTROL_EVENTS]);
    for (const name of this.#names) source.addEventListener(name, this.#listener);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const name of this.#names) this.#source.removeEventListener(name, this.#listener);
    this.#source.close();
  }

  readonly #listener = (event: Event): void => {
    if (this.#isClosed) return;
    // The server's `error` (or `open`) is a message with data; EventSource's own event of that name has none.
    if ('data' in event && typeof event.data === 'string') this.#take(event as MessageEvent<string>);
    else if (event.type === 'open') this.#to.opened();
    else if (event.type === 'error') this.#lose();
  };

  #take({ type, data, lastEventId }: MessageEvent<string>): void {
    if (isControlEvent(type)) this.#to.control(type, readObject(data));
    else this.#to.message(ReceivedMessage.fromText(type, lastEventId, data));
  }

  #lose(): void {
    const isFinal = this.#source.readyState === CLOSED;
    this.close();
    this.#to.lost(isFinal);
  }
}

function readObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined; // a control frame that cannot be read is a sign of life, and nothing more
  }
}
