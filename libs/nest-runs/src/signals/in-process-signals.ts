import type { RunSignals } from './run-signals.js';

/**
 * Signals within one process: all that the embedded database needs, since only one process can open it. Runs share an
 * instance to hear each other.
 */
export class InProcessSignals implements RunSignals {
  private readonly handlers = new Set<(payload: string) => void>();

  async notify(payloads: readonly string[]): Promise<void> {
    for (const handler of this.handlers) for (const payload of payloads) handler(payload);
  }

  async listen(handler: (payload: string) => void): Promise<() => Promise<void>> {
    const own = (payload: string): void => handler(payload);
    this.handlers.add(own);
    return async () => void this.handlers.delete(own);
  }
}
