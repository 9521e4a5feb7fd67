import { SseError } from '../sse-error';
import type { StreamPorts } from '../stream/session-ports';
import { EventSourceReader } from './event-source-reader';
import { isLastPage, PageRequest } from './page-request';
import { whenReady } from './ready';
import type { StreamTransport, TransportConnection, TransportEvents, TransportRequest } from './stream-transport';

/** Streams by `EventSource`. It hides the status of an answer that is no stream, so {@link explain} asks for a page instead. */
export function createNativeTransport(ports: StreamPorts): StreamTransport {
  return {
    kind: 'stream',
    open: (request, events) => new NativeConnection(ports, request, events),
    explain: (request, events) => explain(ports, request, events),
  };
}

class NativeConnection implements TransportConnection {
  readonly #ports: StreamPorts;
  readonly #events: TransportEvents;
  #reader: EventSourceReader | undefined;
  #isClosed = false;

  constructor(ports: StreamPorts, request: TransportRequest, events: TransportEvents) {
    this.#ports = ports;
    this.#events = events;
    const cursor = request.cursor();
    // It cannot set `Last-Event-ID`, so the cursor goes into the query.
    const address = request.address(cursor === '' ? {} : { [ports.config.lastEventIdParameter]: cursor });
    whenReady(
      [address],
      (url) => this.#open(url, request.events),
      (error) => this.#refuse(error as SseError),
    );
  }

  close(): void {
    this.#isClosed = true;
    this.#reader?.close();
  }

  #open(url: string, names: ReadonlySet<string>): void {
    const { eventSource: EventSource, config } = this.#ports;
    if (this.#isClosed || !EventSource) return;
    try {
      const source = new EventSource(url, { withCredentials: config.withCredentials });
      this.#reader = new EventSourceReader(source, names, this.#events);
    } catch {
      // A SyntaxError: no URL. Its text quotes the URL, which may hold a ticket.
      this.#refuse(new SseError('bad_request', 'The address of this stream is no URL.'));
    }
  }

  #refuse(error: SseError): void {
    if (!this.#isClosed) this.#events.ended({ kind: 'refused', error });
  }
}

function explain(ports: StreamPorts, request: TransportRequest, events: TransportEvents): TransportConnection {
  const page = new PageRequest(request, {}, ports, (outcome) => {
    if (outcome.kind !== 'page') return events.ended(outcome);
    events.page(outcome.page, () => events.ended({ kind: isLastPage(outcome.page) ? 'complete' : 'lost' }));
  });
  return { close: () => page.abort() };
}
