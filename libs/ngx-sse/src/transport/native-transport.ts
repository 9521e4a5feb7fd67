import { isControlEvent, type ControlEvents } from '@throughline/sse-protocol';
import { isDev } from '../dev-mode';
import { SseError } from '../sse-error';
import { ReceivedMessage } from '../stream/received-message';
import type { StreamPorts } from '../stream/session-ports';
import type { EventSourceLike } from '../tokens';
import { readControl } from './control-data';
import { isLastPage, requestPage } from './page-request';
import { whenReady } from './ready';
import type { StreamTransport, TransportConnection, TransportEvents, TransportRequest } from './stream-transport';

const CONTROL_EVENTS: readonly (keyof ControlEvents)[] = [
  'stream.open',
  'stream.heartbeat',
  'stream.gap',
  'stream.close',
];

/** `EventSource.CLOSED`. */
const CLOSED = 2;

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

/**
 * Reads one EventSource up to its first connection error. Then it is closed, so that the browser's scheduler never runs
 * beside ours.
 */
function open(
  { config, eventSource: EventSource }: StreamPorts,
  request: TransportRequest,
  events: TransportEvents,
): TransportConnection {
  const names = new Set(['open', 'error', ...request.events, ...CONTROL_EVENTS]);
  let source: EventSourceLike | undefined;
  let isOver = false;
  const close = () => {
    if (isOver) return;
    isOver = true;
    for (const name of names) source?.removeEventListener(name, listen);
    source?.close();
  };
  const end: TransportEvents['ended'] = (how) => {
    if (isOver) return;
    close();
    events.ended(how);
  };
  const listen = (event: Event) => {
    if (isOver) return;
    // Each once: browsers make the strings anew whenever they are read.
    const { type, data, lastEventId } = event as MessageEvent<unknown>;
    // The server's `error` (or `open`) is a message with data; EventSource's own event of that name has none.
    if (typeof data === 'string') {
      events.alive();
      if (isControlEvent(type)) events.control(type, readControl(data));
      else events.message(ReceivedMessage.fromText(type, lastEventId, data));
    } else if (type === 'open') events.accepted();
    // Closed: the browser would not have tried again, so it got an answer that is no stream; it does not say which.
    else if (type === 'error') end({ kind: source?.readyState === CLOSED ? 'unexplained' : 'lost' });
  };
  const openAt = (url: string) => {
    if (isOver || !EventSource) return;
    try {
      source = new EventSource(url, { withCredentials: config.withCredentials });
    } catch {
      // A SyntaxError: no URL. Its text quotes the URL, which may hold a ticket.
      const error = new SseError('bad_request', isDev && 'The address of this stream is no URL.');
      return end({ kind: 'refused', error });
    }
    for (const name of names) source.addEventListener(name, listen);
  };
  const cursor = request.cursor();
  // An EventSource cannot set `Last-Event-ID`, so the cursor goes into the query.
  const address = request.address(cursor === '' ? {} : { [config.lastEventIdParameter]: cursor });
  whenReady([address], openAt, (error) => end({ kind: 'refused', error: error as SseError }));
  return { close };
}
