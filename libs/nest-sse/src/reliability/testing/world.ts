import { Controller, Injectable } from '@nestjs/common';
import { MemoryEventLog, SseLog, SseStream, type EventLog, type SseSource } from '../../index.js';
import { startStreamApp, type StreamApp } from '../../testing/stream-app.js';
import { TestClock } from '../../testing/test-clock.js';
import { Follower } from './follower.js';

/** How many follow. */
export const FOLLOWERS = 3;
const KEPT = 60;

@Injectable()
class OneLog implements SseSource {
  readonly log = new MemoryEventLog({ epoch: 'e', maxMessages: KEPT, maxBytes: Infinity });

  open(): EventLog {
    return this.log;
  }
}

@Controller()
class InterleavingsController {
  @SseStream('log', { source: OneLog })
  log(@SseLog() opened: EventLog): EventLog {
    return opened;
  }
}

/** A server that may be replaced, what was published, and who follows it. */
export class World {
  published = 0;
  log: EventLog;
  readonly followers = Array.from({ length: FOLLOWERS }, (_, index) => new Follower(`client ${index}`));

  private constructor(
    readonly clock: TestClock,
    public streams: StreamApp,
  ) {
    this.log = streams.app.get(OneLog).log;
  }

  static async begin(): Promise<World> {
    const clock = new TestClock();
    return new World(clock, await World.start(clock, []));
  }

  private static start(clock: TestClock, kept: EventLog[]): Promise<StreamApp> {
    const source = {
      provide: OneLog,
      useFactory: () => (kept[0] ? { log: kept[0], open: () => kept[0] } : new OneLog()),
    };
    return startStreamApp({
      options: { clock, maxLifetimeMs: 100_000, connectionsPerAddress: 1000 },
      controllers: [InterleavingsController],
      providers: [source],
    });
  }

  /** A shutdown, and a server with the same log in its place. */
  async restart(): Promise<void> {
    await this.streams.app.close();
    this.streams = await World.start(this.clock, [this.log]);
  }

  async publish(count: number, bytes: number): Promise<void> {
    const text = 'x'.repeat(bytes);
    const batch = Array.from({ length: count }, () => ({ event: 'tick', data: { n: (this.published += 1), text } }));
    await this.log.append(batch);
  }

  /** What broke the promise to any of them. */
  get faults(): string[] {
    return this.followers.flatMap(({ name, faults }) => faults.map((fault) => `${name} ${fault}`));
  }

  /** Lets each of them read, and come back as often as it must, until it has everything. */
  async catchUp(): Promise<void> {
    for (const follower of this.followers) await follower.catchUp(this.streams.server, '/log', this.published);
  }

  async end(): Promise<void> {
    for (const follower of this.followers) await follower.drop('reset');
    await this.streams.close();
  }
}
