import type { CloseReason, Gap } from '@throughline/sse-protocol';
import { statusData } from '../../spec/set-up-client';
import type { TestStream } from '../../testing/index';
import type { FakeBrowser } from './fake-browser';
import type { FakeTab } from './fake-tab';

/** A server with one log, ids from 1 without holes, trimmed from the front, that serves every tab. */
export class LogServer {
  tail = 0;
  /** Connections ever made. */
  accepted = 0;
  /** Whether new connections are refused as those of a user who has signed out. */
  isSignedOut = false;
  #trimmed = 0;
  readonly #streams = new Map<TestStream, { readonly tab: FakeTab; sent: number }>();
  readonly #browser: FakeBrowser;
  readonly #url: string;

  constructor(browser: FakeBrowser, url: string) {
    this.#browser = browser;
    this.#url = url;
    browser.serve = () => this.#acceptAll();
  }

  append(count = 1): void {
    this.tail += count;
    for (const stream of this.#streams.keys()) this.#sendRest(stream);
  }

  /** What was written so far is no longer to be had. */
  trim(): void {
    this.#trimmed = this.tail;
  }

  /** Breaks a tab's connection. */
  drop(tab: FakeTab): void {
    this.#each(tab, (stream) => stream.drop());
  }

  /** Sends a tab a message without an id. */
  say(tab: FakeTab, message: string): void {
    this.#each(tab, (stream) => stream.message('progress', { message }));
  }

  /** Sends a tab something that it has got, which no server should. */
  repeat(tab: FakeTab, id: number): void {
    this.#each(tab, (stream) => stream.message('status', statusData(), String(id)));
  }

  closeAll(reason: CloseReason): void {
    for (const { tab } of this.#streams.values()) this.#each(tab, (stream) => stream.close(reason));
  }

  #each(tab: FakeTab, act: (stream: TestStream) => void): void {
    for (const [stream, served] of this.#streams) {
      if (served.tab === tab) tab.later('network', () => stream.isClosed || act(stream));
    }
  }

  #acceptAll(): void {
    for (const tab of this.#browser.tabs) {
      if (tab.isDead || tab.isFrozen) continue;
      for (const page of tab.server.matchPages(() => true)) void page.respondWith(this.isSignedOut ? 401 : 503);
      for (const stream of tab.server.match(this.#url)) this.#accept(tab, stream);
    }
  }

  #accept(tab: FakeTab, stream: TestStream): void {
    if (this.isSignedOut) return void stream.fail(401);
    this.accepted += 1;
    const after = Number(new URLSearchParams(stream.url.split('?', 2)[1]).get('lastEventId') ?? '0');
    const isTrimmed = after < this.#trimmed;
    const gap: Gap = { reason: 'trimmed', from: String(after), to: String(this.#trimmed), snapshot: '/snapshot' };
    this.#streams.set(stream, { tab, sent: isTrimmed ? this.#trimmed : after });
    tab.later('network', () => {
      if (stream.isClosed) return;
      stream.open({ heartbeatIntervalMs: 86_400_000 });
      if (isTrimmed) stream.control('stream.gap', gap);
    });
    this.#sendRest(stream);
  }

  #sendRest(stream: TestStream): void {
    const served = this.#streams.get(stream);
    if (!served || served.tab.isDead || stream.isClosed) return void this.#streams.delete(stream);
    while (served.sent < this.tail) {
      served.sent += 1;
      const id = String(served.sent);
      served.tab.later('network', () => stream.isClosed || stream.message('status', statusData(), id));
    }
  }
}
