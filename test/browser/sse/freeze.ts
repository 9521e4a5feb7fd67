import type { Page } from 'playwright-core';

/**
 * Freezes a page as browsers and systems freeze tabs in the background: its thread stands still, so no timer fires and no
 * message is seen, while its sockets and locks stay. Headless Chromium freezes no page by itself, so the debugger does it.
 * Answers with what thaws it; until then, nothing can be asked of the page.
 */
export async function freeze(page: Page): Promise<() => Promise<void>> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Debugger.enable');
  const frozen = new Promise((resolve) => devtools.once('Debugger.paused', resolve));
  const standstill = devtools.send('Runtime.evaluate', { expression: 'debugger' });
  await frozen;
  return async () => {
    await devtools.send('Debugger.resume');
    await standstill;
    await devtools.detach();
  };
}
