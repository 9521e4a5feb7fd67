import { DOCUMENT, inject } from '@angular/core';
import { createParser } from 'eventsource-parser';
import { isControlEvent } from '@throughline/sse-protocol';
import type { SseRequest } from '../config';
import { isDev } from '../dev-mode';
import { SseError } from '../sse-error';
import { ReceivedMessage } from '../stream/received-message';
import type { StreamPorts } from '../stream/session-ports';
import type { TimerHandle } from '../tokens';
import { readControl } from './control-data';
import { whenReady, type Soon } from './ready';
import { errorOfStatus, retryAfterOf } from './refusals';
import { callersHeaders, guarded } from './request-headers';
import { SSE_DECODER } from './stream-decoder';
import type { StreamTransport, TransportConnection, TransportEvents, TransportRequest } from './stream-transport';

/** Bytes that are read before looking whether the page should have its turn. */
const SLICE_BYTES = 65_536;
/** Half of a frame at 60 Hz. What is not read meanwhile stays in the network, which slows the server down. */
const TURN_MS = 8;

/** Streams by `fetch`: sees the status, sends headers and bodies, and notices comments. */
export function createFetchTransport(ports: StreamPorts, maxMessageCharacters: number): StreamTransport {
  return {
    kind: 'stream',
    open: (request, events) => new FetchConnection(ports, maxMessageCharacters, request, events),
  };
}

/** One answer, from the question to its end. What is there at once is used at once, so callbacks are given, not awaited. */
class FetchConnection implements TransportConnection {
  readonly #ports: StreamPorts;
  readonly #request: TransportRequest;
  readonly #events: TransportEvents;
  readonly #abort = new AbortController();
  readonly #feed: (bytes: Uint8Array) => void;
  readonly #document: Document;
  #turnBeganAt = 0;
  #chunkEndedAt = 0;
  #nextTurn: TimerHandle | undefined;
  #isOver = false;
  /** As in EventSource: kept for messages that have none, and of this connection alone. */
  #lastEventId = '';

  constructor(ports: StreamPorts, maxCharacters: number, request: TransportRequest, events: TransportEvents) {
    this.#ports = ports;
    this.#request = request;
    this.#events = events;
    this.#feed = this.#createFeed(maxCharacters);
    this.#document = ports.run(() => inject(DOCUMENT));
    const address = request.address({});
    const headers = callersHeaders(ports, request);
    whenReady(
      [address, headers, this.#readBody()],
      (url, extra, body) => this.#send(url, extra, body),
      // All three fail with an SseError that tells nothing of what they were to hold.
      (error) => this.#refuse(error as SseError),
    );
  }

  close(): void {
    this.#isOver = true;
    this.#abort.abort();
    if (this.#nextTurn !== undefined) this.#ports.clock.clearTimeout(this.#nextTurn);
  }

  #readBody(): Soon<BodyInit | undefined> {
    const body = this.#request.init?.body;
    if (typeof body !== 'function') return body;
    return guarded(() => this.#ports.run(body));
  }

  #send(url: string, headers: Readonly<Record<string, string>>, body: BodyInit | undefined): void {
    const { fetch, config } = this.#ports;
    if (this.#isOver || !fetch) return;
    const init = createInit(this.#request.init, headers, body, this.#request.cursor());
    const credentials = config.withCredentials ? 'include' : 'same-origin';
    fetch(url, { ...init, credentials, cache: 'no-store', signal: this.#abort.signal }).then(
      (response) => this.#take(response),
      // What is thrown may quote the URL, a header or the body, so it is not kept.
      () => this.#end({ kind: 'lost' }),
    );
  }

  #take(response: Response): void {
    if (this.#isOver) return;
    const { status, headers, body } = response;
    if (status === 204) return this.#end({ kind: 'complete' });
    if (status !== 200) {
      return this.#end({ kind: 'refused', error: errorOfStatus(status), retryAfterMs: retryAfterOf(response) });
    }
    if (!/^\s*text\/event-stream\s*(;|$)/i.test(headers.get('content-type') ?? '') || !body) {
      return this.#refuse(new SseError('refused', isDev && 'The answer of the server is no event stream.', { status }));
    }
    this.#events.accepted();
    this.#read(body.getReader());
  }

  #read(reader: ReadableStreamDefaultReader<Uint8Array>): void {
    if (this.#isOver) return;
    reader.read().then(
      ({ done, value }) => {
        if (this.#isOver) return;
        if (done) return this.#end({ kind: this.#request.init?.completesAtEnd ? 'complete' : 'lost' });
        this.#consume(value, 0, reader);
      },
      () => this.#end({ kind: 'lost' }),
    );
  }

  /**
   * A fast stream has its next bytes at once, always: without a pause, no frame and no input would have their turn. Hidden pages
   * have no frames, and their timers ring once a second.
   */
  #consume(bytes: Uint8Array, from: number, reader: ReadableStreamDefaultReader<Uint8Array>): void {
    const { clock } = this.#ports;
    const beganAt = clock.now();
    // What came after a pause is a new turn; if it was too short to tell, a turn ends early, which does no harm.
    if (beganAt - this.#chunkEndedAt > TURN_MS) this.#turnBeganAt = beganAt;
    const to = from + SLICE_BYTES;
    this.#feed(bytes.slice(from, to));
    if (this.#isOver) return;
    this.#chunkEndedAt = clock.now();
    const goOn = () => (to < bytes.length ? this.#consume(bytes, to, reader) : this.#read(reader));
    if (this.#document.hidden || this.#chunkEndedAt - this.#turnBeganAt < TURN_MS) return goOn();
    this.#nextTurn = clock.setTimeout(() => {
      this.#nextTurn = undefined;
      this.#turnBeganAt = clock.now();
      goOn();
    }, 0);
  }

  /** A decoder and a parser of its own: what one connection left unfinished is no part of the next. */
  #createFeed(maxBufferSize: number): (bytes: Uint8Array) => void {
    const decoder = this.#ports.run(() => inject(SSE_DECODER))();
    const whileOpen = <T extends unknown[]>(tell: (...args: T) => void) => {
      return (...args: T) => {
        if (!this.#isOver) tell(...args);
      };
    };
    const parser = createParser({
      maxBufferSize,
      onEvent: whileOpen(({ event = 'message', data }) => this.#tell(event, data)),
      onId: whileOpen((id) => (this.#lastEventId = id)),
      onRetry: whileOpen((delayMs) => this.#events.retry(delayMs)),
      onComment: whileOpen(() => this.#events.comment()),
      onError: whileOpen(({ type }) => {
        // Fields that are not known are ignored, as the standard asks.
        if (type === 'max-buffer-size-exceeded') this.#refuse(new SseError('oversized'));
      }),
    });
    return (bytes) => {
      if (bytes.length === 0) return;
      this.#events.alive();
      parser.feed(decoder.decode(bytes, { stream: true }));
    };
  }

  #tell(event: string, data: string): void {
    if (isControlEvent(event)) this.#events.control(event, readControl(data));
    else this.#events.message(ReceivedMessage.fromText(event, this.#lastEventId, data));
  }

  #refuse(error: SseError): void {
    this.#end({ kind: 'refused', error });
  }

  #end(end: Parameters<TransportEvents['ended']>[0]): void {
    if (this.#isOver) return;
    this.close(); // also lets go of a body that nobody reads
    this.#events.ended(end);
  }
}

function createInit(
  { method, body: given }: SseRequest = {},
  headers: Readonly<Record<string, string>>,
  body: BodyInit | undefined,
  cursor: string,
): RequestInit {
  const lastEventId = cursor === '' ? {} : { 'last-event-id': encodeHeader(cursor) };
  const stream = { accept: 'text/event-stream', ...lastEventId };
  const init = { method: method ?? (given === undefined ? 'GET' : 'POST'), headers: { ...headers, ...stream } };
  return body === undefined ? init : { ...init, body, ...(isStream(body) && { duplex: 'half' }) };
}

/** UTF-8, one character per byte, as EventSource sends it: header values are bytes. */
function encodeHeader(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(/%(..)/g, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
}

function isStream(body: BodyInit): boolean {
  return typeof (body as Partial<ReadableStream>).getReader === 'function';
}
