import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/browser.js';
import { FaultProxy } from '../support/fault-proxy.js';
import { Person } from '../support/person.js';
import { ServerProcess } from '../support/server-process.js';

const TIMEOUT_MS = 180_000;
const RUN_MS = 90_000;

let browser: Browser;
let server: ServerProcess;
let person: Person;
let network: FaultProxy | undefined;

beforeAll(async () => {
  browser = await launchBrowser();
}, TIMEOUT_MS);

afterEach(async () => {
  await person?.leave();
  await network?.stop();
  network = undefined;
  await server?.dispose();
});

afterAll(() => browser?.close());

const upTo = (ids: readonly number[]) => ids.map((_, index) => index + 1);

describe('a run in the browser', () => {
  it(
    'is watched live through a reload, a lost network and a killed server, and every event is seen once',
    async () => {
      server = await ServerProcess.start();
      network = await FaultProxy.start(server.port);
      person = await Person.sitDown(browser, network.url);
      const { page } = person;
      await person.signIn();
      await page.getByRole('button', { name: 'Try it with sample data' }).first().click();
      await page.waitForURL('**/runs/*');
      await page.getByText('Live', { exact: true }).waitFor();
      await page.getByRole('progressbar').waitFor();
      await page.locator('li[aria-current="step"]').waitFor();

      await page.reload();
      await page.locator('[data-state="open"]').waitFor();
      network.cut();
      await page.locator('[data-state="reconnecting"]').waitFor();
      network.mend();
      await server.kill();
      await page.locator('[data-state="reconnecting"]').waitFor();
      await server.start();

      await page.getByRole('link', { name: 'Read the strategy' }).waitFor({ timeout: RUN_MS });
      const ids = await person.receivedIds();
      expect(ids).toEqual(upTo(ids));
      expect(await page.locator('tl-step-list li[data-status="pending"]').count()).toBe(0);
      expect(await page.locator('tl-section-preview').count()).toBe(10);
      expect(await person.findBarriers()).toEqual([]);

      await page.getByRole('link', { name: 'Read the strategy' }).click();
      await page.waitForURL('**/versions/1');
      for (const format of ['Markdown', 'CSV', 'ICS']) {
        await page.getByRole('button', { name: 'Download' }).click();
        const download = page.waitForEvent('download');
        await page.getByRole('menuitem', { name: new RegExp(format) }).click();
        expect(await (await download).failure()).toBeNull();
      }
      expect(person.complaints).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'is followed by polling where the operator says so',
    async () => {
      server = await ServerProcess.start({ THROUGHLINE_TRANSPORT: 'polling' });
      person = await Person.sitDown(browser, server.url);
      await person.signIn();
      await person.page.getByRole('button', { name: 'Try it with sample data' }).first().click();
      await person.page.locator('[data-state="polling"]').waitFor();
      await person.page.getByRole('link', { name: 'Read the strategy' }).waitFor({ timeout: RUN_MS });
      expect(await person.receivedIds()).toEqual([]);
      expect(person.complaints).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'can be cancelled and retried',
    async () => {
      server = await ServerProcess.start();
      person = await Person.sitDown(browser, server.url);
      const { page } = person;
      await person.signIn();
      await page.getByRole('button', { name: 'Try it with sample data' }).first().click();
      await page.locator('li[aria-current="step"]').waitFor();
      await page.getByRole('button', { name: 'Cancel' }).click();
      await page.getByText('The run was cancelled.').waitFor();
      await page.getByRole('button', { name: 'Go on from here' }).click();
      await page.getByRole('link', { name: 'Read the strategy' }).waitFor({ timeout: RUN_MS });
      const ids = await person.receivedIds();
      expect(ids).toEqual(upTo(ids));
      expect(person.complaints).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
