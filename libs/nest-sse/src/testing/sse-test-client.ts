import { once } from 'node:events';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isControlEvent } from '@throughline/sse-protocol';
import { EventStreamParser } from './event-stream-parser.js';
import { toFrame, type ReceivedFrame } from './received-frame.js';
import { exchange, type TestExchange, type TestResponse } from './test-transport.js';

/** How a {@link SseTestClient} asks. */
export interface SseTestClientOptions {
  method?: string;
  headers?: Record<string, string>;
  /** Sent as one `Cookie` header. */
  cookies?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  /** Over HTTP/2 without TLS, on a connection of its own. Default: HTTP/1.1. */
  isHttp2?: boolean;
  /** Sent as `Last-Event-ID`. */
  lastEventId?: string;
  /** How long each wait may take. Default 4000. */
  timeoutMs?: number;
}

/** A wait of the test client that came to nothing; the message says what was received instead. */
export class SseTestError extends Error {
  override readonly name = 'SseTestError';
}

interface Waiter {
  check(): boolean;
  over(why: string): void;
}

/**
 * A client of an event stream over a real socket, for tests. It keeps every frame in {@link frames}, and a reading place
 * that {@link next}, {@link take} and {@link until} move forward. Close it when the test is
 * done with it: until then it takes a slot, and its socket keeps the process alive. `app.close()` ends it, too.
 */
export class SseTestClient {
  /** Every event so far, control events included. */
  readonly frames: ReceivedFrame[] = [];
  /** Comments so far. */
  readonly comments: string[] = [];
  /** The newest `retry:`, ms. */
  retry: number | undefined;
  /** Resolves when the stream has ended, whoever ended it. */
  readonly closed: Promise<void>;
  /** Whether the stream has ended. */
  isClosed = false;

  private readonly parser = new EventStreamParser({
    onEvent: (event) => this.frames.push(toFrame(event)),
    onRetry: (retryMs) => (this.retry = retryMs),
    onComment: (comment) => this.comments.push(comment),
  });
  private readonly chunks: Buffer[] = [];
  private place = 0;
  private waiters: Waiter[] = [];

  private constructor(
    private readonly url: URL,
    private readonly options: SseTestClientOptions,
    private readonly sent: TestExchange,
    private readonly response: TestResponse,
  ) {
    const { body } = response;
    this.closed = new Promise((resolve) => {
      body.once('close', () => {
        this.isClosed = true;
        resolve();
        for (const waiter of this.waiters.splice(0)) waiter.over('the stream has ended');
      });
    });
    body.on('data', (chunk: Buffer) => this.receive(chunk));
    // A cut connection is an end like any other; tests look at `closed`.
    body.on('error', () => undefined);
  }

  /**
   * Opens a stream and resolves when its headers are there, whatever the status.
   *
   * @param target `app.getHttpServer()` (listens on a free port of 127.0.0.1 if it does not listen yet), or a base URL
   * @param path path and query
   */
  static async open(target: unknown, path: string, options: SseTestClientOptions = {}): Promise<SseTestClient> {
    return SseTestClient.send(new URL(path, await baseUrl(target)), options);
  }

  private static async send(url: URL, options: SseTestClientOptions): Promise<SseTestClient> {
    const { cookies = {}, lastEventId, body, method = 'GET', timeoutMs = 4000, isHttp2 = false } = options;
    const content = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const cookie = Object.entries(cookies).map(([name, value]) => `${name}=${value}`);
    const headers = {
      accept: 'text/event-stream',
      ...(cookie.length > 0 && { cookie: cookie.join('; ') }),
      ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
      ...(content && { 'content-type': 'application/json', 'content-length': String(content.length) }),
      ...options.headers,
    };
    const sent = exchange({ url, method, headers, body: content, isHttp2 });
    const timer = setTimeout(
      () => sent.destroy(new SseTestError(`${url.pathname} sent no headers within ${timeoutMs} ms.`)),
      timeoutMs,
    );
    try {
      return new SseTestClient(url, options, sent, await sent.response);
    } finally {
      clearTimeout(timer);
    }
  }

  get status(): number {
    return this.response.status;
  }

  get headers(): IncomingHttpHeaders {
    return this.response.headers;
  }

  /** The last id that was received with its whole block: what EventSource would send on a reconnect. */
  get lastEventId(): string {
    return this.parser.lastEventId || (this.options.lastEventId ?? '');
  }

  /** The body so far, as text. */
  get text(): string {
    return Buffer.concat(this.chunks).toString('utf8');
  }

  /** The next event of that name, passing over others; without a name, the next that is no control event. */
  next(event?: string): Promise<ReceivedFrame> {
    const isWanted = (frame: ReceivedFrame): boolean =>
      event === undefined ? !isControlEvent(frame.event) : frame.event === event;
    return this.read(event === undefined ? 'a message' : `"${event}"`, (unread) => {
      const index = unread.findIndex(isWanted);
      const found = unread[index];
      return found && { value: found, used: index + 1 };
    });
  }

  /** The next `count` events of that name; without a name, of those that are no control events. */
  async take(count: number, event?: string): Promise<ReceivedFrame[]> {
    const taken: ReceivedFrame[] = [];
    while (taken.length < count) taken.push(await this.next(event));
    return taken;
  }

  /** All events up to the first for which `predicate` holds, control events included. */
  until(predicate: (frame: ReceivedFrame) => boolean): Promise<ReceivedFrame[]> {
    return this.read('the event waited for', (unread) => {
      const index = unread.findIndex(predicate);
      return index < 0 ? undefined : { value: unread.slice(0, index + 1), used: index + 1 };
    });
  }

  /** The whole body, once the response has ended: for answers that are no stream. */
  async body(): Promise<string> {
    await this.ended();
    return this.text;
  }

  /** The whole body as JSON, once the response has ended. */
  async json<T = Record<string, unknown>>(): Promise<T> {
    return JSON.parse(await this.body()) as T;
  }

  /** As {@link closed}, but fails after the timeout. */
  ended(): Promise<void> {
    if (this.isClosed) return Promise.resolve();
    return this.wait('the end of the stream', (resolve) => ({
      check: () => false,
      over: () => resolve(),
    }));
  }

  /** Closes this connection, and opens another that names the last id, as EventSource does. */
  async reconnect(options: SseTestClientOptions = {}): Promise<SseTestClient> {
    await this.close();
    const { lastEventId } = this;
    return SseTestClient.send(this.url, { ...this.options, ...(lastEventId && { lastEventId }), ...options });
  }

  /** Stops reading from the socket, as a client that hangs. */
  pause(): void {
    this.response.body.pause();
  }

  /** Reads on after {@link pause}. */
  resume(): void {
    this.response.body.resume();
  }

  /** Closes the connection; resolves when it is closed on this side. */
  async close(): Promise<void> {
    this.sent.destroy();
    await this.closed;
  }

  private receive(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.parser.push(chunk);
    this.waiters = this.waiters.filter((waiter) => !waiter.check());
  }

  private read<T>(what: string, find: (unread: ReceivedFrame[]) => { value: T; used: number } | undefined): Promise<T> {
    const attempt = (resolve: (value: T) => void): boolean => {
      const found = find(this.frames.slice(this.place));
      if (!found) return false;
      this.place += found.used;
      resolve(found.value);
      return true;
    };
    return this.wait(what, (resolve, reject) => ({ check: () => attempt(resolve), over: reject }));
  }

  private wait<T>(
    what: string,
    make: (resolve: (value: T) => void, reject: (why: string) => void) => Waiter,
  ): Promise<T> {
    const { timeoutMs = 4000 } = this.options;
    const from = this.place;
    return new Promise((resolve, reject) => {
      const fail = (why: string): void => {
        done();
        reject(new SseTestError(`Waited for ${what}, but ${why}. Status ${this.status}; ${this.describe(from)}`));
      };
      const waiter = make((value) => (done(), resolve(value)), fail);
      const timer = setTimeout(() => fail(`it did not come within ${timeoutMs} ms`), timeoutMs);
      const done = (): void => {
        clearTimeout(timer);
        this.waiters = this.waiters.filter((it) => it !== waiter);
      };
      if (waiter.check()) return;
      if (this.isClosed) waiter.over('the stream has ended');
      else this.waiters.push(waiter);
    });
  }

  private describe(from: number): string {
    const isStream = (this.headers['content-type'] ?? '').startsWith('text/event-stream');
    if (!isStream) return `the body is ${JSON.stringify(this.text.slice(0, 500))}.`;
    const received = this.frames.slice(from).map(({ event, id }) => (id === undefined ? event : `${event}#${id}`));
    return `received instead: ${received.length > 0 ? received.join(', ') : 'nothing'}.`;
  }
}

async function baseUrl(target: unknown): Promise<string> {
  if (typeof target === 'string') return target;
  const server = target as Server;
  if (!server.listening) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
