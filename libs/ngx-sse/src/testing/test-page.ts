import type { EventPage } from '@throughline/sse-protocol';

/** A page that the client has requested. */
export class TestPage {
  readonly #settle: (answer: Response | Error) => void;
  readonly #signal: AbortSignal | undefined;

  /** Made by `SseTestingController.expectPage`. */
  constructor(
    readonly url: string,
    readonly init: RequestInit,
    settle: (answer: Response | Error) => void,
  ) {
    this.#settle = settle;
    this.#signal = init.signal ?? undefined;
  }

  /** Whether the client no longer waits for it. */
  get isAborted(): boolean {
    return this.#signal?.aborted ?? false;
  }

  /** Gives a page; what is left out is empty, and `cursor` is that of its last message or the one asked after. */
  async respond(page: Partial<EventPage> = {}): Promise<void> {
    const events = page.events ?? [];
    const after = new URLSearchParams(this.url.split('?', 2)[1]).get('after') ?? '';
    const cursor = events.at(-1)?.id ?? after;
    await this.respondWith(200, { events, cursor, more: false, ...page });
  }

  /** Answers with a status, a JSON body and headers. */
  async respondWith(status: number, body: unknown = {}, headers: Record<string, string> = {}): Promise<void> {
    this.#settle(toResponse(status, JSON.stringify(body), { 'content-type': 'application/json', ...headers }));
    await settled();
  }

  /** The network breaks. */
  async drop(): Promise<void> {
    this.#settle(new TypeError('Failed to fetch'));
    await settled();
  }
}

/** The part of `Response` that a client of pages reads; jsdom has no `Response`. */
export function toResponse(status: number, body: string, headers: Record<string, string>): Response {
  const lowerCase = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const response: Pick<Response, 'status' | 'ok' | 'json' | 'text'> & { headers: Pick<Headers, 'get'> } = {
    status,
    ok: status >= 200 && status < 300,
    headers: { get: (name) => lowerCase.get(name.toLowerCase()) ?? null },
    json: async () => JSON.parse(body) as unknown,
    text: async () => body,
  };
  return response as Response;
}

/** Taken before a test can put fake timers in its place. */
const setRealTimeout = setTimeout;

/** Lets promises that are settled by now call back: a macrotask, before which all microtasks run. */
export async function settled(): Promise<void> {
  await new Promise<void>((resolve) => setRealTimeout(resolve, 0));
}
