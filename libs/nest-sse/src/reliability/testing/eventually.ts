import { SseTestError } from '../../testing/sse-test-client.js';

/** Resolves when `condition` holds, looking after each turn of the event loop; fails after `timeoutMs`, naming `what`. */
export async function eventually(condition: () => boolean, what: string, timeoutMs = 5000): Promise<void> {
  for (const startedAt = performance.now(); !condition();) {
    if (performance.now() - startedAt > timeoutMs) {
      throw new SseTestError(`Waited for ${what}, but it did not come within ${timeoutMs} ms.`);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}
