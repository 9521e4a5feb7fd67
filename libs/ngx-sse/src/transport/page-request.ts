import { isTerminal, type EventPage, type Message, type RunStatus } from '@throughline/sse-protocol';
import { isDev } from '../dev-mode';
import { SseError } from '../sse-error';
import type { StreamPorts } from '../stream/session-ports';
import { whenReady, type Soon } from './ready';
import { errorOfStatus, retryAfterOf } from './refusals';
import type { TransportEnd, TransportRequest } from './stream-transport';

/** What one request of a page came to. */
export type PageOutcome =
  | { readonly kind: 'page'; readonly page: EventPage }
  | Extract<TransportEnd, { readonly kind: 'complete' | 'refused' }>;

const TIMEOUT_MS = 10_000;

/** Asks for one JSON page. Calls back once, and never after the function that it returns was called. */
export function requestPage(
  request: TransportRequest,
  headers: Soon<Readonly<Record<string, string>>>,
  { clock, config, fetch }: Pick<StreamPorts, 'clock' | 'config' | 'fetch'>,
  onDone: (outcome: PageOutcome) => void,
): () => void {
  const abort = new AbortController();
  const { signal } = abort;
  const timer = clock.setTimeout(() => finish(again(isDev && 'The server did not answer in time.')), TIMEOUT_MS);
  const stop = () => {
    clock.clearTimeout(timer);
    abort.abort(); // also lets go of a body that is not wanted, such as a stream without an end
  };
  const finish = (outcome: PageOutcome) => {
    if (signal.aborted) return;
    stop();
    onDone(outcome);
  };
  const send = (url: string, extra: Readonly<Record<string, string>>) => {
    if (signal.aborted) return;
    const response = fetch?.(url, {
      headers: { ...extra, accept: 'application/json' },
      cache: 'no-store',
      credentials: config.withCredentials ? 'include' : 'same-origin',
      signal,
    });
    // The cause is left out: its text may name the URL, and the URL may hold a ticket.
    const fail = () => finish(again(isDev && 'The server cannot be reached, or its answer cannot be read.'));
    if (response) response.then(readOutcome).then(finish, fail);
    else fail();
  };
  const cursor = request.cursor();
  const limit = String(config.polling.pageSize);
  const address = request.address(cursor === '' ? { limit } : { after: cursor, limit });
  // Both fail with an SseError that tells nothing of what they were to hold.
  whenReady([address, headers], send, (error) => finish({ kind: 'refused', error: error as SseError }));
  return stop;
}

async function readOutcome(response: Response): Promise<PageOutcome> {
  const { status } = response;
  if (status === 204) return { kind: 'complete' };
  if (!response.ok) return { kind: 'refused', error: errorOfStatus(status), retryAfterMs: retryAfterOf(response) };
  const isJson = /\bjson\b/i.test(response.headers.get('content-type') ?? '');
  const page: unknown = isJson && (await response.json());
  return isPage(page) ? { kind: 'page', page } : again(isDev && 'The answer of the server is no page of messages.');
}

function again(message: string | false): PageOutcome {
  return { kind: 'refused', error: new SseError('connection_lost', message) };
}

function isPage(value: unknown): value is EventPage {
  const page = value as { readonly events?: unknown; readonly cursor?: unknown } | null;
  const isMessage = (each: Partial<Message> | null) => typeof each?.event === 'string' && typeof each.id === 'string';
  return typeof page?.cursor === 'string' && Array.isArray(page.events) && page.events.every(isMessage);
}

/** Whether nothing will ever come after a page. */
export function isLastPage(page: EventPage): boolean {
  return !page.more && page.status !== undefined && isTerminal(page.status as RunStatus);
}
