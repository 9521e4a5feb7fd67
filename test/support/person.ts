import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { ADMIN } from './server-process.js';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WAIT_MS = 30_000;

/** Keeps the ids of all messages that the page's own EventSources of runs were given, over all reconnects. */
function recordRunMessages(): void {
  const received: string[] = [];
  const Native = window.EventSource;
  Object.assign(window, { receivedIds: received });
  window.EventSource = class extends Native {
    override addEventListener(type: string, listener: never, options?: never): void {
      if (this.url.includes('/runs/') && !type.startsWith('stream.') && type !== 'open') {
        super.addEventListener(type, (event) => {
          if (event instanceof MessageEvent) received.push(event.lastEventId);
        });
      }
      super.addEventListener(type, listener, options);
    }
  };
}

/** Somebody at the dashboard, in a real browser. */
export class Person {
  /** What the page complained of: errors in its console and uncaught exceptions. */
  readonly complaints: string[] = [];

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    private readonly url: string,
  ) {}

  static async sitDown(browser: Browser, url: string, colorScheme: 'light' | 'dark' = 'light'): Promise<Person> {
    const context = await browser.newContext({
      colorScheme,
      viewport: { width: 1280, height: 900 },
      acceptDownloads: true,
      // Colours are judged as they are at rest, not in the middle of a fade.
      reducedMotion: 'reduce',
    });
    context.setDefaultTimeout(WAIT_MS);
    const page = await context.newPage();
    await page.addInitScript(recordRunMessages);
    const person = new Person(context, page, url);
    page.on('pageerror', (error) => person.complaints.push(error.message));
    page.on('console', (message) => {
      // The browser itself reports each failed request; the app is told and deals with it.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
        person.complaints.push(message.text());
      }
    });
    return person;
  }

  async goTo(path: string): Promise<void> {
    await this.page.goto(`${this.url}${path}`);
  }

  async signIn(): Promise<void> {
    await this.goTo('/');
    await this.page.getByLabel('E-mail').fill(ADMIN.email);
    await this.page.getByLabel('Password').fill(ADMIN.password);
    await this.page.keyboard.press('Enter');
    await this.page.waitForURL('**/strategies');
  }

  /** Ids of the run's messages since the page was loaded, in the order of their coming. */
  receivedIds(): Promise<number[]> {
    return this.page.evaluate(() => (window as unknown as { receivedIds: string[] }).receivedIds.map(Number));
  }

  /** What axe finds on the page as it is now, as `rule: element`. */
  async findBarriers(): Promise<string[]> {
    await this.page.evaluate(axeSource);
    const results = await this.page.evaluate(() =>
      (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
    );
    return results.violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
  }

  /** By how many pixels the page is wider than its window, once it is laid out. */
  measureOverflow(): Promise<number> {
    return this.page.evaluate(async () => {
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      return document.documentElement.scrollWidth - window.innerWidth;
    });
  }

  async leave(): Promise<void> {
    await this.context.close();
  }
}
