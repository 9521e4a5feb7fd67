import { outsideRequests } from '../request-context.js';
import type { ConnectionLeases } from './connection-leases.js';

/** Ids in one statement. */
const BATCH = 1000;
/** Beyond this, ids are forgotten while the shared state is away: a later comparison finds them. */
const MAX_WAITING = 50_000;

/** Gives leases back in few statements: the first at once, those that come meanwhile together. */
export class LeaseReturns {
  /** Pending while leases are on their way back. */
  current: Promise<void> | undefined;

  private waiting: string[] = [];
  private isPaused = false;

  /** @param onFailed is told why leases could not be given back; they wait until {@link resume} */
  constructor(
    private readonly leases: ConnectionLeases,
    private readonly onFailed: (error: unknown) => void,
  ) {}

  /** Gives a lease back. */
  add(id: string): void {
    if (this.waiting.length < MAX_WAITING) this.waiting.push(id);
    this.flush();
  }

  /** Keeps what is to be given back. */
  pause(): void {
    this.isPaused = true;
  }

  /** Goes on. */
  resume(): void {
    this.isPaused = false;
    this.flush();
  }

  private flush(): void {
    if (this.isPaused || this.waiting.length === 0) return;
    this.current ??= outsideRequests(() => this.send()).finally(() => {
      this.current = undefined;
      this.flush();
    });
  }

  private async send(): Promise<void> {
    // Streams that are closed together end in the same turn of the event loop.
    await Promise.resolve();
    while (!this.isPaused && this.waiting.length > 0) {
      const ids = this.waiting.splice(0, BATCH);
      try {
        await this.leases.release(ids);
      } catch (error) {
        this.waiting.unshift(...ids);
        this.onFailed(error);
        return;
      }
    }
  }
}
