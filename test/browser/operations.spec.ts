import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { ApiClient } from '../support/api-client.js';
import { launchBrowser } from '../support/browser.js';
import { FaultProxy } from '../support/fault-proxy.js';
import { Person } from '../support/person.js';
import { ServerProcess } from '../support/server-process.js';

const TIMEOUT_MS = 180_000;

let browser: Browser;
let server: ServerProcess;
let network: FaultProxy;
const people: Person[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
  server = await ServerProcess.start();
}, TIMEOUT_MS);

afterEach(async () => {
  for (const person of people.splice(0)) await person.leave();
  await network?.stop();
});

afterAll(async () => {
  await browser?.close();
  await server?.dispose();
});

async function sitDown(colorScheme: 'light' | 'dark' = 'light'): Promise<Person> {
  const person = await Person.sitDown(browser, network.url, colorScheme);
  people.push(person);
  await person.signIn();
  return person;
}

describe('the page of open streams', () => {
  it(
    'shows at once what opens and closes, also what opened while the network was away',
    async () => {
      network = await FaultProxy.start(server.port);
      const { page, complaints } = await sitDown();
      await page.goto(`${network.url}/operations`);
      await page.locator('[data-state="open"]').waitFor();
      const feeds = page.getByRole('row', { name: /feed/ });
      await feeds.first().waitFor();
      const before = await feeds.count();

      const client = await ApiClient.signIn(server.url);
      const first = await client.stream('/events');
      await feeds.nth(before).waitFor();
      await feeds.nth(before).getByRole('button').click();
      await first.closed;
      await feeds.nth(before).waitFor({ state: 'detached' });

      network.cut();
      await page.locator('[data-state="reconnecting"]').waitFor();
      const second = await client.stream('/events');
      network.mend();
      await page.getByRole('button', { name: 'Now' }).click();
      await page.locator('[data-state="open"]').waitFor();
      await feeds.nth(before).waitFor();
      await second.close();
      expect(complaints).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it.each(['light', 'dark'] as const)(
    'has no barrier that axe finds, in whatever state its connection is, in %s',
    async (colorScheme) => {
      network = await FaultProxy.start(server.port);
      const person = await sitDown(colorScheme);
      const { page } = person;
      const barriers: string[] = [];
      const look = async (state: string) => {
        await page.locator(`[data-state="${state}"]`).waitFor();
        for (const width of [1280, 320]) {
          await page.setViewportSize({ width, height: 900 });
          barriers.push(...(await person.findBarriers()).map((barrier) => `${state} ${width} ${barrier}`));
          if ((await person.measureOverflow()) > 0) barriers.push(`${state} is too wide at ${width} px`);
        }
      };
      await page.goto(`${network.url}/operations`);
      await look('open');
      network.cut();
      await look('reconnecting');
      await person.context.setOffline(true);
      await look('offline');
      await person.context.setOffline(false);
      network.mend();
      await page.locator('[data-state="open"]').waitFor();
      expect(barriers).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'takes two streams for all tabs of a user, is live in each, and leads to the sign-in in each when one signs out',
    async () => {
      network = await FaultProxy.start(server.port);
      const { page, context } = await sitDown();
      const tabs = [page];
      while (tabs.length < 8) tabs.push(await context.newPage());
      for (const tab of tabs) {
        await tab.goto(`${network.url}/operations`);
        await tab.locator('[data-state="open"]').waitFor();
      }
      const client = await ApiClient.signIn(server.url);
      const { body } = await client.get<{ items: { channels: string[] }[] }>('/operations/connections');
      expect(body.items.flatMap(({ channels }) => channels).sort()).toEqual(['connections', 'feed']);

      // The tab that reads for all is closed; the others lose nothing.
      await tabs.shift()!.close();
      const stream = await client.stream('/events');
      for (const tab of tabs) await tab.getByRole('row', { name: /feed/ }).nth(1).waitFor();
      await stream.close();
      for (const tab of tabs) await tab.getByRole('row', { name: /feed/ }).nth(1).waitFor({ state: 'detached' });

      const [first, ...others] = tabs;
      await first!.getByRole('button', { name: 'Account' }).click();
      await first!.getByRole('menuitem', { name: 'Sign out' }).click();
      await first!.waitForURL('**/sign-in');
      for (const tab of others) await tab.waitForURL('**/sign-in?returnUrl=%2Foperations');
    },
    TIMEOUT_MS,
  );
});
