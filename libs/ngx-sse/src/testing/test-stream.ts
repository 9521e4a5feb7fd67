import type { CloseReason } from '@throughline/sse-protocol';
import type { TestRequest, TestSource } from './test-source';

/** What a server says of itself in `stream.open`. */
export interface TestOpening {
  /** Default 15,000. */
  readonly heartbeatIntervalMs?: number;
  /** Default 3,600,000. */
  readonly maxLifetimeMs?: number;
}

/** One connection, seen from its server: of an EventSource, or of `fetch`, as the client's transport has it. */
export class TestStream {
  readonly #source: TestSource;
  readonly #timestamp: () => string;
  readonly #cursorParameter: string;

  /** Made by `SseTestingController.expectOne`. */
  constructor(source: TestSource, timestamp: () => string, cursorParameter: string) {
    this.#source = source;
    this.#timestamp = timestamp;
    this.#cursorParameter = cursorParameter;
  }

  /** URL as requested, with the cursor of an EventSource and other parameters. */
  get url(): string {
    return this.#source.url;
  }

  /** Method, headers and body, where the transport has them. */
  get request(): TestRequest {
    return this.#source.request;
  }

  /** The id after which the client wants to go on, in the query or in a header; empty at the start. */
  get lastEventId(): string {
    const query = new URLSearchParams(this.url.split('?', 2)[1]);
    return query.get(this.#cursorParameter) ?? this.request.headers['last-event-id'] ?? '';
  }

  /** Whether cookies go to other origins, too. */
  get withCredentials(): boolean {
    return this.#source.withCredentials;
  }

  /** Whether the client has closed it, or it was ended here. */
  get isClosed(): boolean {
    return this.#source.phase === 'closed';
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
    if (this.#source.phase !== 'connecting') throw new Error('Only a connection that is being made can be accepted.');
    this.#source.accept();
    return this;
  }

  /** Sends a message. `data` is sent as JSON. Without `id`, the last one is repeated, as EventSource does. */
  message(event: string, data: unknown, id?: string): this {
    return this.raw(event, JSON.stringify(data), id);
  }

  /** Sends a message whose data need not be JSON. */
  raw(event: string, text: string, id?: string): this {
    this.#open.send({ event, data: text, id });
    return this;
  }

  /** Sends a comment, the heartbeat of many servers. An EventSource hides it, so it keeps no connection of one alive. */
  comment(text = ''): this {
    this.#open.comment(text);
    return this;
  }

  /** Sends `retry:`, the base of the client's delays. An EventSource hides it. */
  retry(delayMs: number): this {
    this.#open.retry(delayMs);
    return this;
  }

  /** Sends text of the stream as it is, so that the test decides where a chunk ends. For the fetch transport only. */
  write(text: string): this {
    this.#open.write(text);
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
    if (this.#source.phase === 'connecting') this.accept();
    this.control('stream.close', retryAfterMs === undefined ? { reason } : { reason, retryAfterMs });
    this.end();
  }

  /** The network breaks, before or after {@link open}. */
  drop(): void {
    if (!this.isClosed) this.#source.end(false);
  }

  /** The server ends its answer without a word. */
  end(): void {
    if (!this.isClosed) this.#source.end(true);
  }

  /**
   * Answers with something that is no stream. An EventSource hides the status, so the next page that the client requests of
   * this URL is answered by it; without one, that page is to be answered by the test. `fetch` sees it at once: 500 without one.
   */
  fail(status?: number, headers: Readonly<Record<string, string>> = {}): void {
    if (!this.isClosed) this.#source.refuse(status, headers);
  }

  get #open(): TestSource {
    if (this.#source.phase !== 'open') throw new Error('Messages can be sent on an open connection only.');
    return this.#source;
  }
}
