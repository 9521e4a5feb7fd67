import { Injectable } from '@angular/core';
import { type EventSourceConstructor, ɵlastEventIdParameter } from '@throughline/ngx-sse';
import { FakeEventSource } from './fake-event-source';
import { FakeFetchStream } from './fake-fetch-stream';
import { ManualClock } from './manual-clock';
import { settled, TestPage, toResponse } from './test-page';
import type { TestSource } from './test-source';
import { TestStream } from './test-stream';

/** Which request is meant: its URL without the client's own parameters, a pattern or a function of the whole URL. */
export type UrlMatch = string | RegExp | ((url: string) => boolean);

/** Query parameters that the client adds by default; they do not count in {@link UrlMatch}. */
const OWN_PARAMETERS = ['lastEventId', 'after', 'limit', 'ngsw-bypass', 'ticket'];

/** The server, the clock and the dice of `SseClient` under test; provided by `provideSseTesting`. */
@Injectable()
export class SseTestingController {
  /** Time stands still until {@link advance}. */
  readonly clock = new ManualClock();
  /** What the client's randomness gives; 0 makes each delay the longest of its schedule. */
  random = 0;
  readonly #cursorParameter = ɵlastEventIdParameter();
  readonly #streams: TestSource[] = [];
  readonly #pages: TestPage[] = [];
  readonly #refusals: { readonly url: string; readonly answer: () => Response }[] = [];
  /** Every connection ever made, the oldest first. */
  readonly #all: TestSource[] = [];

  /** The one open connection to `url` that was not expected yet. Throws if there is none, or more than one. */
  expectOne(url: UrlMatch): TestStream {
    return onlyOne(this.match(url), url, 'connection');
  }

  /** Throws if there is an open connection to `url` that was not expected yet. */
  expectNone(url: UrlMatch): void {
    const found = this.#streams.filter((source) => isOpen(source) && matches(source.url, url)).length;
    if (found > 0) throw new Error(`No connection to ${String(url)} was expected; there is ${found}.`);
  }

  /** The one page of `url` that is waited for and was not expected yet. Throws if there is none, or more than one. */
  expectPage(url: UrlMatch): TestPage {
    return onlyOne(this.matchPages(url), url, 'request of a page');
  }

  /** All open connections to `url` that were not expected yet. */
  match(url: UrlMatch): TestStream[] {
    return take(this.#streams, (source) => isOpen(source) && matches(source.url, url)).map((source) =>
      this.#serve(source),
    );
  }

  /** All pages of `url` that are waited for and were not expected yet. */
  matchPages(url: UrlMatch): TestPage[] {
    return take(this.#pages, (page) => !page.isAborted && matches(page.url, url));
  }

  /** Lets time pass, and then lets promises call back. */
  async advance(durationMs: number): Promise<void> {
    await settled();
    this.clock.advance(durationMs);
    await settled();
  }

  /** Throws if a connection or a page was requested that the test has not expected. */
  verify(): void {
    const unexpected = [...this.#streams.filter(isOpen), ...this.#pages.filter((page) => !page.isAborted)].map(
      (request) => request.url,
    );
    if (unexpected.length > 0) throw new Error(`Requests that no test expected: ${unexpected.join(', ')}.`);
  }

  /** Throws if a connection is open, or if one of them left a listener, or if a timer is set: after a close, nothing stays. */
  verifyNothingLeft(): void {
    const open = this.#all.filter((source) => isOpen(source) || source.listenerCount > 0);
    if (open.length > 0) throw new Error(`${open.length} connection(s) are open or listened to.`);
    if (this.clock.pendingTimers > 0) throw new Error(`${this.clock.pendingTimers} timer(s) are left.`);
  }

  /** Connections that are not closed. */
  get openConnections(): number {
    return this.#all.filter(isOpen).length;
  }

  /** @internal what takes the place of `EventSource` */
  readonly eventSource: EventSourceConstructor = this.#createEventSource();

  /** @internal what takes the place of `fetch` */
  readonly fetch = (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    const url = String(input);
    if (accepts(init) === 'text/event-stream') {
      const stream = new FakeFetchStream(url, init);
      this.#register(stream);
      return stream.response as unknown as Promise<Response>;
    }
    const refusal = this.#refusals.findIndex((each) => each.url === withoutOwnParameters(url));
    const [refused] = refusal < 0 ? [] : this.#refusals.splice(refusal, 1);
    if (refused) return Promise.resolve(refused.answer());
    return new Promise<Response>((resolve, reject) => {
      init.signal?.addEventListener('abort', () => reject(new DOMException('Aborted', 'AbortError')));
      const settle = (answer: Response | Error) => (answer instanceof Error ? reject(answer) : resolve(answer));
      this.#pages.push(new TestPage(url, init, settle));
    });
  };

  #serve(source: TestSource): TestStream {
    return new TestStream(source, () => new Date(this.clock.now()).toISOString(), this.#cursorParameter);
  }

  #register(source: TestSource): void {
    this.#streams.push(source);
    this.#all.push(source);
  }

  #createEventSource(): EventSourceConstructor {
    const register = (source: FakeEventSource) => this.#register(source);
    const refused = (url: string, status: number, headers: Readonly<Record<string, string>>) => {
      const type = { 'content-type': 'application/problem+json' };
      this.#refusals.push({
        url: withoutOwnParameters(url),
        answer: () => toResponse(status, '{}', { ...type, ...headers }),
      });
    };
    return class extends FakeEventSource {
      constructor(url: string, init: { withCredentials: boolean }) {
        super(url, init.withCredentials, refused);
        register(this);
      }
    };
  }
}

function accepts(init: RequestInit): string | undefined {
  return (init.headers as Readonly<Record<string, string>> | undefined)?.['accept'];
}

function isOpen(source: TestSource): boolean {
  return source.phase !== 'closed';
}

function onlyOne<T>(found: T[], match: UrlMatch, what: string): T {
  const [only] = found;
  if (only === undefined || found.length > 1) {
    throw new Error(`Expected one ${what} to match ${String(match)}, found ${found.length}.`);
  }
  return only;
}

/** Removes and returns what fits. */
function take<T>(from: T[], fits: (each: T) => boolean): T[] {
  const taken = from.filter(fits);
  for (const each of taken) from.splice(from.indexOf(each), 1);
  return taken;
}

function matches(url: string, match: UrlMatch): boolean {
  if (typeof match === 'function') return match(url);
  if (match instanceof RegExp) return match.test(url);
  return url === match || withoutOwnParameters(url) === match;
}

function withoutOwnParameters(url: string): string {
  const [path = '', query = ''] = url.split('?', 2);
  const parameters = new URLSearchParams(query);
  for (const name of OWN_PARAMETERS) parameters.delete(name);
  const rest = parameters.toString();
  return rest === '' ? path : `${path}?${rest}`;
}
