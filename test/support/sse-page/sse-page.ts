/**
 * A page with the library, for specs that need a real browser. The page is a small zoneless Angular app, bundled from the
 * library's sources, that shows its connections in a table and obeys `window.sse` (see `page-api.ts`).
 *
 * ```ts
 * const files = await PageFiles.build(); // in beforeAll
 * const server = createServer((request, response) => files.serve(request, response) || stream(request, response));
 * const page = await SsePage.open(browser, origin); // origin may be a proxy before that server
 * await page.connect('live', '/events', { features: { reconnect: { initialDelayMs: 100, jitter: 0 } } });
 * await page.waitForState('live', 'open');
 * await page.waitForCount('live', 3);
 * expect((await page.report('live')).messages.map(({ id }) => id)).toEqual(['1', '2', '3']);
 * expect(page.complaints).toEqual([]);
 * await page.leave();
 * ```
 */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { ConnectionReport, PageApi, PageConnectOptions } from './page-api.js';
import { PAGE_PATH } from './page-files.js';

/** The page's global scope as specs use it. */
export interface PageWindow {
  readonly sse: PageApi;
}

declare const window: PageWindow;

/** Of one wait; a spec that waits longer has found a defect. */
const WAIT_MS = 20_000;
/** What Chromium itself writes to the console about each broken request is what such specs are about. */
const OF_NETWORK = /^Failed to load resource/;

/** One tab with the page. */
export class SsePage {
  /** Uncaught errors, and what the page wrote to the console as an error. */
  readonly complaints: string[] = [];

  private constructor(
    readonly page: Page,
    private readonly origin: string,
  ) {
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' && !OF_NETWORK.test(message.text())) this.complaints.push(message.text());
    });
  }

  /** Opens the page in a new context (another person's browser), or, given a context, in another tab of the same person. */
  static async open(browser: Browser | BrowserContext, origin: string): Promise<SsePage> {
    const context = 'newContext' in browser ? await browser.newContext() : browser;
    const opened = new SsePage(await context.newPage(), origin);
    await opened.load();
    return opened;
  }

  /** Loads the page anew, as after a reload: everything that it knew is gone. */
  async load(): Promise<void> {
    await this.page.goto(this.origin + PAGE_PATH);
    try {
      await this.page.waitForFunction(() => 'sse' in window, undefined, { timeout: WAIT_MS, polling: 25 });
    } catch (cause) {
      throw new Error(`The page did not start. It complained: ${this.complaints.join('\n')}`, { cause });
    }
  }

  /** Another tab of the same person. */
  openTab(): Promise<SsePage> {
    return SsePage.open(this.page.context(), this.origin);
  }

  connect(name: string, url: string, how: PageConnectOptions = {}): Promise<void> {
    return this.page.evaluate((call) => window.sse.connect(call.name, call.url, call.how), { name, url, how });
  }

  /** Unsubscribes, so that the connection pauses. */
  pause(name: string): Promise<void> {
    return this.page.evaluate((which) => window.sse.pause(which), name);
  }

  resume(name: string): Promise<void> {
    return this.page.evaluate((which) => window.sse.resume(which), name);
  }

  reconnect(name: string): Promise<void> {
    return this.page.evaluate((which) => window.sse.reconnect(which), name);
  }

  close(name: string): Promise<void> {
    return this.page.evaluate((which) => window.sse.close(which), name);
  }

  /** Closes it and drops its record. */
  forget(name: string): Promise<void> {
    return this.page.evaluate((which) => window.sse.forget(which), name);
  }

  /** `SseClient.closeAll()`, as on signing out. */
  closeAll(): Promise<void> {
    return this.page.evaluate(() => window.sse.closeAll());
  }

  /** Destroys the clients, as when the application ends. */
  dispose(): Promise<void> {
    return this.page.evaluate(() => window.sse.dispose());
  }

  report(name: string): Promise<ConnectionReport> {
    return this.page.evaluate((which) => window.sse.report(which), name);
  }

  /** Resolves once the connection is in `state`; fails, saying in which it is, if that takes too long. */
  waitForState(name: string, state: string, timeoutMs = WAIT_MS): Promise<void> {
    return this.waitFor(name, { state }, timeoutMs);
  }

  /** Resolves once at least `count` messages were delivered. */
  waitForCount(name: string, count: number, timeoutMs = WAIT_MS): Promise<void> {
    return this.waitFor(name, { count }, timeoutMs);
  }

  /** Resolves once `messages` has ended: `completed`, or an error's code. */
  async waitForEnd(name: string, timeoutMs = WAIT_MS): Promise<string | undefined> {
    await this.waitFor(name, { hasEnded: true }, timeoutMs);
    return (await this.report(name)).end;
  }

  /** Closes the tab, and its context if it was the last one. */
  async leave(): Promise<void> {
    const context = this.page.context();
    await this.page.close();
    if (context.pages().length === 0) await context.close();
  }

  private async waitFor(name: string, wanted: Wanted, timeoutMs: number): Promise<void> {
    try {
      await this.page.waitForFunction(isThere, { name, wanted }, { timeout: timeoutMs, polling: 25 });
    } catch (cause) {
      const { messages, ...rest } = await this.report(name);
      const report = JSON.stringify({ ...rest, lastMessages: messages.slice(-3) });
      throw new Error(`“${name}” did not come to ${JSON.stringify(wanted)}. It is at ${report}`, { cause });
    }
  }
}

interface Wanted {
  readonly state?: string;
  readonly count?: number;
  readonly hasEnded?: true;
}

/** Runs in the page. */
function isThere({ name, wanted }: { readonly name: string; readonly wanted: Wanted }): boolean {
  const report = window.sse.report(name);
  if (wanted.hasEnded) return report.end !== undefined;
  return (wanted.state === undefined || report.state === wanted.state) && report.count >= (wanted.count ?? 0);
}
