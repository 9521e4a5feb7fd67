import { isTerminal, type EventPage, type RunStatus } from '@throughline/sse-protocol';
import type { SseConfig } from '../config';
import { SseError } from '../sse-error';
import type { SseClock, TimerHandle } from '../tokens';
import { whenReady, type Soon } from './ready';
import { errorOfStatus, retryAfterOf } from './refusals';
import type { TransportEnd, TransportRequest } from './stream-transport';

/** What one request of a page came to. */
export type PageOutcome =
  | { readonly kind: 'page'; readonly page: EventPage }
  | Extract<TransportEnd, { readonly kind: 'complete' | 'refused' }>;

/** What a request needs. */
export interface PagePorts {
  readonly clock: SseClock;
  readonly fetch: typeof fetch | undefined;
  readonly config: Pick<SseConfig, 'withCredentials' | 'polling'>;
}

const TIMEOUT_MS = 10_000;

/** One request of the JSON page. Calls back once, and never after {@link abort}. */
export class PageRequest {
  readonly #ports: PagePorts;
  readonly #onDone: (outcome: PageOutcome) => void;
  readonly #abort = new AbortController();
  readonly #timer: TimerHandle;
  #isDone = false;

  constructor(
    request: TransportRequest,
    headers: Soon<Readonly<Record<string, string>>>,
    ports: PagePorts,
    onDone: (outcome: PageOutcome) => void,
  ) {
    this.#ports = ports;
    this.#onDone = onDone;
    this.#timer = ports.clock.setTimeout(() => this.#finish(again('The server did not answer in time.')), TIMEOUT_MS);
    const cursor = request.cursor();
    const limit = String(ports.config.polling.pageSize);
    // Both fail with an SseError that tells nothing of what they were to hold.
    const fail = (error: unknown) => this.#finish({ kind: 'refused', error: error as SseError });
    const address = request.address(cursor === '' ? { limit } : { after: cursor, limit });
    whenReady([address, headers], (url, extra) => this.#send(url, extra), fail);
  }

  /** Ends the request; its outcome is not told. */
  abort(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#ports.clock.clearTimeout(this.#timer);
    this.#abort.abort();
  }

  #send(url: string, headers: Readonly<Record<string, string>>): void {
    if (this.#isDone) return;
    const { fetch, config } = this.#ports;
    const init: RequestInit = {
      headers: { ...headers, accept: 'application/json' },
      cache: 'no-store',
      credentials: config.withCredentials ? 'include' : 'same-origin',
      signal: this.#abort.signal,
    };
    const response = fetch ? fetch(url, init) : Promise.reject(new Error('There is no fetch here.'));
    response.then(readOutcome).then(
      (outcome) => this.#finish(outcome),
      // The cause is left out: its text may name the URL, and the URL may hold a ticket.
      () => this.#finish(again('The server cannot be reached, or its answer cannot be read.')),
    );
  }

  #finish(outcome: PageOutcome): void {
    if (this.#isDone) return;
    this.abort(); // also lets go of a body that is not wanted, such as a stream without an end
    this.#onDone(outcome);
  }
}

async function readOutcome(response: Response): Promise<PageOutcome> {
  const { status } = response;
  if (status === 204) return { kind: 'complete' };
  if (!response.ok) return { kind: 'refused', error: errorOfStatus(status), retryAfterMs: retryAfterOf(response) };
  if (!/\bjson\b/i.test(response.headers.get('content-type') ?? '')) return again('The server has no page to give.');
  const page: unknown = await response.json();
  return isPage(page) ? { kind: 'page', page } : again('The answer of the server is not a page of messages.');
}

function again(message: string): PageOutcome {
  return { kind: 'refused', error: new SseError('connection_lost', message) };
}

function isPage(value: unknown): value is EventPage {
  if (typeof value !== 'object' || value === null) return false;
  const page = value as Partial<Record<keyof EventPage, unknown>>;
  return Array.isArray(page.events) && page.events.every(isMessage) && typeof page.cursor === 'string';
}

function isMessage(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { event, id } = value as { event?: unknown; id?: unknown };
  return typeof event === 'string' && typeof id === 'string';
}

/** Whether nothing will ever come after a page. */
export function isLastPage(page: EventPage): boolean {
  return !page.more && page.status !== undefined && isTerminal(page.status as RunStatus);
}
