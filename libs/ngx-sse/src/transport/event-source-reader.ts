import { isControlEvent, type ControlEvents } from '@throughline/sse-protocol';
import type { EventSourceLike } from '../tokens';
import { readControl } from './control-data';
import { ReceivedMessage } from '../stream/received-message';
import type { TransportEvents } from './stream-transport';

const CONTROL_EVENTS: readonly (keyof ControlEvents)[] = [
  'stream.open',
  'stream.heartbeat',
  'stream.gap',
  'stream.close',
];

/** `EventSource.CLOSED`. */
const CLOSED = 2;

/**
 * Reads one EventSource up to its first connection error. Then it is closed, so that the browser's scheduler never runs
 * beside ours. Calls nothing after {@link close}.
 */
export class EventSourceReader {
  readonly #source: EventSourceLike;
  readonly #names: ReadonlySet<string>;
  readonly #to: TransportEvents;
  #isClosed = false;

  constructor(source: EventSourceLike, events: ReadonlySet<string>, to: TransportEvents) {
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
    else if (event.type === 'open') this.#to.accepted();
    else if (event.type === 'error') this.#lose();
  };

  #take({ type, data, lastEventId }: MessageEvent<string>): void {
    this.#to.alive();
    if (isControlEvent(type)) this.#to.control(type, readControl(data));
    else this.#to.message(ReceivedMessage.fromText(type, lastEventId, data));
  }

  #lose(): void {
    // Closed: the browser would not have tried again, so it got an answer that is no stream; it does not say which.
    const kind = this.#source.readyState === CLOSED ? 'unexplained' : 'lost';
    this.close();
    this.#to.ended({ kind });
  }
}
