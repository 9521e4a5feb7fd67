import type { Cursor } from '@throughline/sse-protocol';
import type { SseConfig } from '../config';

/** Gets a fresh ticket for a URL. */
export type TicketFetch = (url: string) => Promise<string>;

/** Makes the URLs of one stream's requests: the cursor, the page size, a fresh ticket each time. */
export class StreamAddress {
  readonly #url: string;
  readonly #config: SseConfig;
  readonly #fetchTicket: TicketFetch | undefined;

  constructor(url: string, config: SseConfig, fetchTicket: TicketFetch | undefined) {
    this.#url = url;
    this.#config = config;
    this.#fetchTicket = fetchTicket;
  }

  /** For an EventSource: it cannot set `Last-Event-ID`, so the cursor goes into the query. A promise only with tickets. */
  forStream(cursor: Cursor): string | Promise<string> {
    return this.#complete(cursor === '' ? {} : { [this.#config.lastEventIdParameter]: cursor });
  }

  /** For a page of messages after the cursor. */
  forPage(cursor: Cursor): string | Promise<string> {
    const limit = String(this.#config.polling.pageSize);
    return this.#complete(cursor === '' ? { limit } : { after: cursor, limit });
  }

  #complete(parameters: Record<string, string>): string | Promise<string> {
    const all = { ...this.#config.parameters, ...parameters };
    const { ticket } = this.#config;
    if (!ticket || !this.#fetchTicket) return withParameters(this.#url, all);
    return this.#fetchTicket(this.#url).then((value) =>
      withParameters(this.#url, { ...all, [ticket.parameter]: value }),
    );
  }
}

/** Sets query parameters of an absolute or relative URL. The fragment is dropped: it is not sent. */
export function withParameters(url: string, parameters: Readonly<Record<string, string>>): string {
  const [beforeFragment = ''] = url.split('#', 1);
  const queryAt = beforeFragment.indexOf('?');
  const path = queryAt < 0 ? beforeFragment : beforeFragment.slice(0, queryAt);
  const query = new URLSearchParams(queryAt < 0 ? '' : beforeFragment.slice(queryAt + 1));
  for (const [name, value] of Object.entries(parameters)) query.set(name, value);
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}
