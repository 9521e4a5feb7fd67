import type { EventPage } from '@throughline/sse-protocol';
import { SseError } from '../sse-error';
import type { SseClock, TimerHandle } from '../tokens';
import { errorOfStatus, errorOfTicket } from './refusals';

/** What one request of a page came to. */
export type PageOutcome =
  | { readonly kind: 'page'; readonly page: EventPage }
  /** 204: there is nothing after the cursor, and there never will be. */
  | { readonly kind: 'ended' }
  | { readonly kind: 'refused'; readonly error: SseError }
  | { readonly kind: 'again'; readonly error: SseError; readonly retryAfterMs: number | undefined };

/** What a request needs. */
export interface PagePorts {
  readonly clock: SseClock;
  readonly fetch: typeof fetch | undefined;
  readonly withCredentials: boolean;
}

const TIMEOUT_MS = 10_000;

/** One request of the JSON page. Calls back once, and never after {@link abort}. */
export class PageRequest {
  readonly #ports: PagePorts;
  readonly #onDone: (outcome: PageOutcome) => void;
  readonly #abort = new AbortController();
  readonly #timer: TimerHandle;
  #isDone = false;

  constructor(url: string | Promise<string>, ports: PagePorts, onDone: (outcome: PageOutcome) => void) {
    this.#ports = ports;
    this.#onDone = onDone;
    this.#timer = ports.clock.setTimeout(() => this.#finish(again('The server did not answer in time.')), TIMEOUT_MS);
    if (typeof url === 'string') this.#send(url);
    else {
      url.then(
        (resolved) => this.#send(resolved),
        (cause: unknown) => this.#finish(refusal(errorOfTicket(cause))),
      );
    }
  }

  /** Ends the request; its outcome is not told. */
  abort(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#ports.clock.clearTimeout(this.#timer);
    this.#abort.abort();
  }

  #send(url: string): void {
    if (this.#isDone) return;
    const { fetch, withCredentials } = this.#ports;
    const init: RequestInit = {
      headers: { accept: 'application/json' },
      cache: 'no-store',
      credentials: withCredentials ? 'include' : 'same-origin',
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
  if (response.status === 204) return { kind: 'ended' };
  if (!response.ok) return refusal(errorOfStatus(response.status), retryAfter(response));
  if (!/\bjson\b/i.test(response.headers.get('content-type') ?? '')) return again('The server has no page to give.');
  const page: unknown = await response.json();
  return isPage(page) ? { kind: 'page', page } : again('The answer of the server is not a page of messages.');
}

function refusal(error: SseError, retryAfterMs?: number): PageOutcome {
  return error.isPassing ? { kind: 'again', error, retryAfterMs } : { kind: 'refused', error };
}

function again(message: string): PageOutcome {
  return { kind: 'again', error: new SseError('connection_lost', message), retryAfterMs: undefined };
}

/** `Retry-After` in milliseconds (RFC 9110, 10.2.3); only its form in seconds, since clocks differ. */
function retryAfter(response: Response): number | undefined {
  const text = response.headers.get('retry-after');
  return text !== null && /^\d+$/.test(text) ? Number(text) * 1000 : undefined;
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
