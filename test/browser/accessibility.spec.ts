import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { ApiClient } from '../support/api-client.js';
import { launchBrowser } from '../support/browser.js';
import { Person } from '../support/person.js';
import { ServerProcess } from '../support/server-process.js';

const TIMEOUT_MS = 180_000;
const WIDTHS = [320, 1280, 1920];

let browser: Browser;
let server: ServerProcess;
let paths: string[];

beforeAll(async () => {
  server = await ServerProcess.start();
  browser = await launchBrowser();
  const client = await ApiClient.signIn(server.url);
  const strategyId = await client.addSample();
  const run = await client.startRun(strategyId);
  const stream = await client.stream(`/runs/${run.id}/events`, { timeoutMs: TIMEOUT_MS });
  await stream.closed;
  paths = [
    '/strategies',
    '/content',
    '/operations',
    `/strategies/${strategyId}/brief`,
    `/runs/${run.id}`,
    `/strategies/${strategyId}/versions/1`,
  ];
}, TIMEOUT_MS);

afterAll(async () => {
  await browser?.close();
  await server?.dispose();
});

describe.each(['light', 'dark'] as const)('every screen in %s', (colorScheme) => {
  let person: Person;

  beforeAll(async () => {
    person = await Person.sitDown(browser, server.url, colorScheme);
  });

  afterAll(() => person?.leave());

  it(
    'has no barrier that axe finds, and fits 320 to 1,920 px',
    async () => {
      await person.goTo('/sign-in');
      await person.page.getByLabel('E-mail').waitFor();
      const barriers = (await person.findBarriers()).map((barrier) => `/sign-in ${barrier}`);
      await person.signIn();
      for (const path of paths) {
        await person.goTo(path);
        await person.page.locator('h1').first().waitFor();
        await person.page.locator('tl-loading').waitFor({ state: 'detached' });
        barriers.push(...(await person.findBarriers()).map((barrier) => `${path} ${barrier}`));
        for (const width of WIDTHS) {
          await person.page.setViewportSize({ width, height: 900 });
          const overflow = await person.measureOverflow();
          if (overflow > 0) barriers.push(`${path} is ${overflow} px too wide at ${width} px`);
        }
      }
      expect(barriers).toEqual([]);
      expect(person.complaints).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
