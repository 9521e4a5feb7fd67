import { Injectable, type BeforeApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import { StreamEngine } from '../stream/stream-engine.js';
import { ConnectionRegistry } from './connection-registry.js';

/**
 * Ends all streams at a shutdown: each client is told `stream.close {drain}` and when to come back, and its socket is
 * closed so that it comes back elsewhere. Nest closes the HTTP server only after its shutdown hooks, and that waits for
 * open responses for ever; so the drain begins in the first hook, and what opens before the last one is closed there.
 */
@Injectable()
export class StreamDrain implements OnModuleDestroy, BeforeApplicationShutdown {
  private hasBegun = false;

  constructor(
    private readonly engine: StreamEngine,
    private readonly registry: ConnectionRegistry,
  ) {}

  /** Whether new streams are to be refused. */
  get isDraining(): boolean {
    return this.hasBegun;
  }

  onModuleDestroy(): Promise<void> {
    this.hasBegun = true;
    return this.closeAll();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.closeAll();
    this.registry.stop();
  }

  private async closeAll(): Promise<void> {
    for (const connection of this.registry.all()) connection.close('drain');
    let timer: NodeJS.Timeout | undefined;
    // The machine's own timer: a clock that stands still in a test must not hold up a shutdown.
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.engine.settings.drainTimeoutMs);
    });
    await Promise.race([this.registry.whenEmpty(), timeout]);
    clearTimeout(timer);
    for (const connection of this.registry.all()) connection.cut('drain');
  }
}
