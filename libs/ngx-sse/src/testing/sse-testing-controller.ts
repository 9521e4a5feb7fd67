import { Injectable } from '@angular/core';
import type { EventSourceConstructor } from '@throughline/ngx-sse';
import { FakeEventSource } from './fake-event-source';
import { ManualClock } from './manual-clock';
import { settled, TestPage, toResponse } from './test-page';
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
  readonly #streams: FakeEventSource[] = [];
  readonly #pages: TestPage[] = [];
  readonly #refusals: { readonly url: string; readonly status: number }[] = [];
  /** Every connection ever made, the oldest first. */
  readonly #all: FakeEventSource[] = [];

  /** The one connection to `url` that was made and not expected yet. Throws if there is none, or more than one. */
  expectOne(url: UrlMatch): TestStream {
    const source = takeOne(this.#streams, url, 'connection', 'connections');
    const timestamp = () => new Date(this.clock.now()).toISOString();
    const refusedUrl = withoutOwnParameters(source.url);
    return new TestStream(source, timestamp, (status) => this.#refusals.push({ url: refusedUrl, status }));
  }

  /** Throws if a connection to `url` was made and not expected. */
  expectNone(url: UrlMatch): void {
    const found = this.#streams.filter((source) => matches(source.url, url));
    if (found.length > 0) throw new Error(`No connection to ${String(url)} was expected; there is ${found.length}.`);
  }

  /** The one page of `url` that was requested and not expected yet. Throws if there is none, or more than one. */
  expectPage(url: UrlMatch): TestPage {
    return takeOne(this.#pages, url, 'page request', 'page requests');
  }

  /** Lets time pass, and then lets promises call back. */
  async advance(durationMs: number): Promise<void> {
    await settled();
    this.clock.advance(durationMs);
    await settled();
  }

  /** Throws if a connection or a page was requested that the test has not expected. */
  verify(): void {
    const unexpected = [
      ...this.#streams.filter((source) => source.readyState !== 2),
      ...this.#pages.filter((page) => !page.isAborted),
    ].map((request) => request.url);
    if (unexpected.length > 0) throw new Error(`Requests that no test expected: ${unexpected.join(', ')}.`);
  }

  /** Throws if a connection is open, or if one of them left a listener, or if a timer is set: after a close, nothing stays. */
  verifyNothingLeft(): void {
    const open = this.#all.filter((source) => source.readyState !== 2 || source.listenerCount > 0);
    if (open.length > 0) throw new Error(`${open.length} connection(s) are open or listened to.`);
    if (this.clock.pendingTimers > 0) throw new Error(`${this.clock.pendingTimers} timer(s) are left.`);
  }

  /** Connections that are not closed. */
  get openConnections(): number {
    return this.#all.filter((source) => source.readyState !== 2).length;
  }

  /** @internal what takes the place of `EventSource` */
  readonly eventSource: EventSourceConstructor = this.#createEventSource();

  /** @internal what takes the place of `fetch` */
  readonly fetch = (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    const url = String(input);
    const refusal = this.#refusals.findIndex((each) => each.url === withoutOwnParameters(url));
    if (refusal >= 0) {
      const [{ status } = { status: 500 }] = this.#refusals.splice(refusal, 1);
      return Promise.resolve(toResponse(status, '{}', { 'content-type': 'application/problem+json' }));
    }
    return new Promise<Response>((resolve, reject) => {
      init.signal?.addEventListener('abort', () => reject(new DOMException('Aborted', 'AbortError')));
      const settle = (answer: Response | Error) => (answer instanceof Error ? reject(answer) : resolve(answer));
      this.#pages.push(new TestPage(url, init, settle));
    });
  };

  #createEventSource(): EventSourceConstructor {
    const register = (source: FakeEventSource) => {
      this.#streams.push(source);
      this.#all.push(source);
    };
    return class extends FakeEventSource {
      constructor(url: string, init: { withCredentials: boolean }) {
        super(url, init.withCredentials);
        register(this);
      }
    };
  }
}

function takeOne<T extends { readonly url: string }>(from: T[], match: UrlMatch, one: string, many: string): T {
  const found = from.filter((each) => matches(each.url, match));
  const [only] = found;
  if (!only || found.length > 1) {
    const others = from.map((each) => each.url).join(', ') || 'none';
    throw new Error(`Expected one ${one} to ${String(match)}, found ${found.length}; ${many} at hand: ${others}.`);
  }
  from.splice(from.indexOf(only), 1);
  return only;
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
