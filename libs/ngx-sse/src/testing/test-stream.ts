import type { CloseReason } from '@throughline/sse-protocol';
import type { FakeEventSource } from './fake-event-source';

/** What a server says of itself in `stream.open`. */
export interface TestOpening {
  /** Default 15,000. */
  readonly heartbeatIntervalMs?: number;
  /** Default 3,600,000. */
  readonly maxLifetimeMs?: number;
}

/** One connection of an EventSource, seen from its server. */
export class TestStream {
  readonly #source: FakeEventSource;
  readonly #refuseWith: (status: number) => void;
  readonly #timestamp: () => string;

  /** Made by `SseTestingController.expectOne`. */
  constructor(source: FakeEventSource, timestamp: () => string, refuseWith: (status: number) => void) {
    this.#source = source;
    this.#timestamp = timestamp;
    this.#refuseWith = refuseWith;
  }

  /** URL as requested, with the cursor and other parameters. */
  get url(): string {
    return this.#source.url;
  }

  /** Whether cookies go to other origins, too. */
  get withCredentials(): boolean {
    return this.#source.withCredentials;
  }

  /** Whether the client has closed it, or it was ended here. */
  get isClosed(): boolean {
    return this.#source.readyState === 2;
  }

  /** Accepts the connection and sends `stream.open`. */
  open(opening: TestOpening = {}): this {
    this.accept();
    return this.control('stream.open', {
      connectionId: 'test',
      resumedFrom: '',
      heartbeatIntervalMs: opening.heartbeatIntervalMs ?? 15_000,
      maxLifetimeMs: opening.maxLifetimeMs ?? 3_600_000,
    });
  }

  /** Sends the header of the answer and nothing else, as a proxy that holds the body back. */
  accept(): this {
    if (this.#source.readyState !== 0) throw new Error('Only a connection that is being made can be accepted.');
    this.#source.readyState = 1;
    this.#source.dispatch(new Event('open'));
    return this;
  }

  /** Sends a message. `data` is sent as JSON. Without `id`, the last one is repeated, as EventSource does. */
  message(event: string, data: unknown, id?: string): this {
    return this.raw(event, JSON.stringify(data), id);
  }

  /** Sends a message whose data need not be JSON. */
  raw(event: string, text: string, id?: string): this {
    if (this.#source.readyState !== 1) throw new Error('Messages can be sent on an open connection only.');
    if (id !== undefined) this.#source.lastEventId = id;
    this.#source.dispatch(new MessageEvent(event, { data: text, lastEventId: this.#source.lastEventId }));
    return this;
  }

  /** Sends a control event; `timestamp` is added. */
  control(event: `stream.${string}`, data: object = {}): this {
    return this.message(event, { timestamp: this.#timestamp(), ...data });
  }

  /** Sends `stream.heartbeat`. */
  heartbeat(): this {
    return this.control('stream.heartbeat', { serverTime: this.#timestamp() });
  }

  /** Sends `stream.close`, also as a refusal before {@link open}, and ends the connection. */
  close(reason: CloseReason, retryAfterMs?: number): void {
    if (this.#source.readyState === 0) this.accept();
    this.control('stream.close', retryAfterMs === undefined ? { reason } : { reason, retryAfterMs });
    this.#loseIn(0);
  }

  /** The network breaks, before or after {@link open}. */
  drop(): void {
    this.#loseIn(0);
  }

  /**
   * Answers with something that is no stream. With a status, the next page that the client requests of this URL, to learn
   * what an EventSource hides, is answered by it; without one, that page is to be answered by the test.
   */
  fail(status?: number): void {
    if (status !== undefined) this.#refuseWith(status);
    this.#loseIn(2);
  }

  #loseIn(readyState: 0 | 2): void {
    if (this.isClosed) return;
    this.#source.readyState = readyState;
    this.#source.dispatch(new Event('error'));
  }
}
