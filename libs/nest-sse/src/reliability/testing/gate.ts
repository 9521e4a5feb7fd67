import { eventually } from './eventually.js';

/** A place where a request waits until it is let on. */
export class Gate {
  private isReached = false;
  private open: () => void = () => undefined;
  private readonly opened = new Promise<void>((resolve) => (this.open = resolve));

  async pass(): Promise<void> {
    this.isReached = true;
    await this.opened;
  }

  reached(): Promise<void> {
    return eventually(() => this.isReached, 'the request to be at its gate');
  }

  letOn(): void {
    this.open();
  }
}
