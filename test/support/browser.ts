import { existsSync } from 'node:fs';
import bundled from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

const INSTALLED = ['/usr/bin/google-chrome', '/usr/bin/chromium', '/usr/bin/chromium-browser'];

/** Nothing of Chromium's own may ask the network for anything. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A real Chromium: the one that `CHROME_PATH` names, an installed one, or the one that npm brought. */
export async function launchBrowser(): Promise<Browser> {
  const installed = process.env['CHROME_PATH'] ?? INSTALLED.find((path) => existsSync(path));
  bundled.setGraphicsMode = false;
  // Not the arguments that the package proposes: they switch off the same-origin policy, and one process for everything
  // ends with the first context that is closed.
  return chromium.launch({ executablePath: installed ?? (await bundled.executablePath()), args: QUIET });
}
