import { Controller, Injectable, UseGuards, type CanActivate } from '@nestjs/common';
import { defer, finalize, Subject, type Observable } from 'rxjs';
import { SseLog, SseStream, type EventLog, type SseEvent, type SseSource } from '../../index.js';
import { startStreamApp, type StreamApp } from '../../testing/stream-app.js';
import type { TestClock } from '../../testing/test-clock.js';
import { Gate } from './gate.js';
import { WatchedLog } from './watched-log.js';

/** What is streamed, who listens, and the gate at which requests wait. */
@Injectable()
export class Stage {
  gate = new Gate();
  source = new Subject<SseEvent>();
  /** Observables of handlers that are subscribed now. */
  subscriptions = 0;
  readonly log = new WatchedLog({ maxMessages: 5000, maxBytes: Infinity });

  produce(): Observable<SseEvent> {
    return defer(() => {
      this.subscriptions += 1;
      return this.source.pipe(finalize(() => (this.subscriptions -= 1)));
    });
  }
}

@Injectable()
class GatedGuard implements CanActivate {
  constructor(private readonly stage: Stage) {}

  async canActivate(): Promise<boolean> {
    await this.stage.gate.pass();
    return true;
  }
}

@Injectable()
class OneLog implements SseSource {
  constructor(private readonly stage: Stage) {}

  open(): EventLog {
    return this.stage.log;
  }
}

@Injectable()
class GatedLog implements SseSource {
  constructor(private readonly stage: Stage) {}

  async open(): Promise<EventLog> {
    await this.stage.gate.pass();
    return this.stage.log;
  }
}

@Controller()
class StagesController {
  constructor(private readonly stage: Stage) {}

  @SseStream('log', { source: OneLog })
  log(@SseLog() opened: EventLog): EventLog {
    return opened;
  }

  @SseStream('observable')
  observable(): Observable<SseEvent> {
    return this.stage.produce();
  }

  @SseStream('gated-guard')
  @UseGuards(GatedGuard)
  guarded(): Observable<SseEvent> {
    return this.stage.produce();
  }

  @SseStream('gated-source', { source: GatedLog })
  sourced(@SseLog() opened: EventLog): EventLog {
    return opened;
  }

  @SseStream('gated-handler')
  async handled(): Promise<Observable<SseEvent>> {
    await this.stage.gate.pass();
    return this.stage.produce();
  }

  @SseStream('gated-log-handler')
  async handledLog(): Promise<EventLog> {
    await this.stage.gate.pass();
    return this.stage.log;
  }
}

/** An app with a route for each kind of stream, each for one connection at a time, and with no bound on what waits. */
export function startStagesApp(clock: TestClock): Promise<StreamApp> {
  return startStreamApp({
    options: {
      clock,
      connectionsPerUser: 1,
      maxQueuedBytes: 1024 ** 3,
      identify: () => ({ user: 'ann', address: 'a' }),
    },
    controllers: [StagesController],
    providers: [Stage, OneLog, GatedLog],
  });
}
