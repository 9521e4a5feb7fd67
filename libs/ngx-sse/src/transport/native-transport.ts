import { isDev } from '../dev-mode';
import { SseError } from '../sse-error';
import type { StreamPorts } from '../stream/session-ports';
import { EventSourceReader } from './event-source-reader';
import { isLastPage, requestPage } from './page-request';
import { whenReady } from './ready';
import type { StreamTransport, TransportConnection, TransportEvents, TransportRequest } from './stream-transport';

/** Streams by `EventSource`. It hides the status of an answer that is no stream, so the inquiry asks for a page instead. */
export function createNativeTransport(ports: StreamPorts): StreamTransport {
  return {
    kind: 'stream',
    open: (request, events) => open(ports, request, events),
    inquiry: {
      kind: 'inquiry',
      open: (request, events) => {
        const close = requestPage(request, {}, ports, (outcome) => {
          if (outcome.kind !== 'page') return events.ended(outcome);
          events.page(outcome.page, () => events.ended({ kind: isLastPage(outcome.page) ? 'complete' : 'lost' }));
        });
        return { close };
      },
    },
  };
}

function open(
  { config, eventSource: EventSource }: StreamPorts,
  request: TransportRequest,
  events: TransportEvents,
): TransportConnection {
  let reader: EventSourceReader | undefined;
  let isClosed = false;
  const refuse = (error: SseError) => {
    if (!isClosed) events.ended({ kind: 'refused', error });
  };
  const openAt = (url: string) => {
    if (isClosed || !EventSource) return;
    try {
      const source = new EventSource(url, { withCredentials: config.withCredentials });
      reader = new EventSourceReader(source, request.events, events);
    } catch {
      // A SyntaxError: no URL. Its text quotes the URL, which may hold a ticket.
      refuse(new SseError('bad_request', isDev && 'The address of this stream is no URL.'));
    }
  };
  const cursor = request.cursor();
  // An EventSource cannot set `Last-Event-ID`, so the cursor goes into the query.
  const address = request.address(cursor === '' ? {} : { [config.lastEventIdParameter]: cursor });
  whenReady([address], openAt, (error) => refuse(error as SseError));
  return {
    close: () => {
      isClosed = true;
      reader?.close();
    },
  };
}
