import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Locator } from 'playwright-core';
import { feedXml, inventoryCsv } from '../support/briefs.js';
import { launchBrowser } from '../support/browser.js';
import { Person } from '../support/person.js';
import { ServerProcess } from '../support/server-process.js';

const TIMEOUT_MS = 180_000;
const RUN_MS = 90_000;

let browser: Browser;
let server: ServerProcess;
let person: Person;
let folder: string;

beforeAll(async () => {
  server = await ServerProcess.start();
  browser = await launchBrowser();
  folder = await mkdtemp(join(tmpdir(), 'throughline-files-'));
  person = await Person.sitDown(browser, server.url);
}, TIMEOUT_MS);

afterAll(async () => {
  await person?.leave();
  await browser?.close();
  await server?.dispose();
  await rm(folder, { recursive: true, force: true });
});

const field = (path: string): Locator => person.page.locator(`[id="field-${path}"]`);

async function importFile(name: string, content: string, title: string, whose: RegExp): Promise<void> {
  const path = join(folder, name);
  await writeFile(path, content);
  const { page } = person;
  await page.locator('input[type="file"]').setInputFiles(path);
  await page.getByLabel('Name').fill(title);
  await page.getByLabel(whose).check();
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByRole('link', { name: title }).first().waitFor();
}

async function fillInBrief(): Promise<void> {
  await field('business.objectives').locator('textarea').fill('Win more trial sign-ups');
  const metrics = field('business.targetMetrics');
  await metrics.getByRole('button', { name: /^Add/ }).click();
  await metrics.getByLabel('Metric', { exact: true }).fill('Trial sign-ups');
  await metrics.getByLabel('Target', { exact: true }).fill('80');
  await field('audience.painPoints').locator('textarea').fill('Onboarding takes weeks');
  await field('audience.preferences').getByText('Guide', { exact: true }).click();
  const competitors = field('competition.competitors');
  await competitors.getByRole('button', { name: /^Add/ }).click();
  await competitors.getByLabel('Name', { exact: true }).fill('Rival');
  await field('content.formats').getByText('Article', { exact: true }).click();
  await field('content.frequency').locator('select').selectOption('weekly');
  await field('content.voice').locator('select').selectOption('friendly');
}

describe('the main job, by hand', () => {
  it(
    'goes from two files and a brief that is typed to a strategy that is read',
    async () => {
      const { page } = person;
      await person.signIn();
      await person.goTo('/content');
      await importFile('inventory.csv', inventoryCsv(60), 'Acme', /^Our own/);
      await importFile('feed.xml', feedXml(60), 'Rival', /competitor/);

      await person.goTo('/strategies');
      await page.getByRole('button', { name: /Start with your own brief|New strategy/ }).click();
      await page.waitForURL('**/brief');
      await page.getByRole('button', { name: 'Make the strategy' }).click();
      await page.getByRole('alert').first().waitFor();
      await fillInBrief();
      await page.getByText('Saved', { exact: true }).waitFor();
      await page.reload();
      expect(await field('business.objectives').locator('textarea').inputValue()).toBe('Win more trial sign-ups');

      await page.getByRole('button', { name: 'Make the strategy' }).click();
      await page.waitForURL('**/runs/*');
      await page.getByRole('link', { name: 'Read the strategy' }).click({ timeout: RUN_MS });
      await page.getByRole('tab', { name: 'Topics' }).click();
      await page
        .getByText(/onboarding/i)
        .first()
        .waitFor();
      await page.getByRole('tab', { name: 'Opportunities' }).click();
      await page
        .getByText(/Search Console/)
        .first()
        .waitFor();
      expect(person.complaints).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
