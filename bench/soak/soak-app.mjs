/** The app under soak: two channels, logs that end as runs do, and two Observables. */
import { Controller, Inject, Module, NotFoundException, Req } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MemoryEventLog, SseChannels, SseModule, SseStream } from '@throughline/nest-sse';
import { defer, finalize, interval, map } from 'rxjs';

const RUNS_KEPT = 20;
const PADDING = { news: 'x'.repeat(200), heavy: 'x'.repeat(256 * 1024) };

/** What outlives a restart of the app inside the process, as a database does. */
export class SoakState {
  runs = new Map();
  /** Subscriptions of the Observables now. */
  subscriptions = 0;
  /** Listeners to the hints of runs now. */
  listeners = 0;
  counts = { opened: 0, closed: 0, slowed: 0, caughtUp: 0, refused: 0, failed: 0 };
  ends = {};

  /** Starts a run: a log that gets a message now and then, and ends with the last. */
  beginRun(length) {
    const id = String((this.lastRun = (this.lastRun ?? 0) + 1));
    const log = new MemoryEventLog({ epoch: `r${id}`, maxMessages: 1000 });
    const { changes } = log;
    log.changes = new changes.constructor((subscriber) => {
      this.listeners += 1;
      return changes.pipe(finalize(() => (this.listeners -= 1))).subscribe(subscriber);
    });
    this.runs.set(id, { log, left: length, n: 0 });
    for (const old of [...this.runs.keys()].slice(0, -RUNS_KEPT)) {
      if (this.runs.get(old).left === 0) this.runs.delete(old);
    }
  }

  /** Does the next step of each run. */
  async advanceRuns() {
    for (const run of this.runs.values()) {
      if (run.left === 0) continue;
      run.left -= 1;
      run.n += 1;
      await run.log.append([{ event: 'tick', data: { n: run.n, last: run.left === 0 } }]);
      if (run.left === 0) run.log.end();
    }
  }

  metrics = {
    connectionOpened: () => (this.counts.opened += 1),
    connectionClosed: ({ reason }) => {
      this.counts.closed += 1;
      this.ends[reason] = (this.ends[reason] ?? 0) + 1;
    },
    connectionRefused: () => (this.counts.refused += 1),
    connectionSlowed: () => (this.counts.slowed += 1),
    connectionCaughtUp: () => (this.counts.caughtUp += 1),
    failed: () => (this.counts.failed += 1),
  };
}

class SoakController {
  constructor(channels, state) {
    this.channels = channels;
    this.state = state;
  }

  channel(request) {
    return this.channels.get(request.params.name).log;
  }

  run(request) {
    const run = this.state.runs.get(request.params.id);
    if (!run) throw new NotFoundException();
    return run.log;
  }

  ticker() {
    return this.#numbers('');
  }

  firehose() {
    return this.#numbers(PADDING.heavy);
  }

  #numbers(padding) {
    return defer(() => {
      this.state.subscriptions += 1;
      return interval(40).pipe(
        map((index) => ({ event: 'tick', data: { n: index + 1, padding } })),
        finalize(() => (this.state.subscriptions -= 1)),
      );
    });
  }
}

Inject(SseChannels)(SoakController, undefined, 0);
Inject(SoakState)(SoakController, undefined, 1);
route('channels/:name', 'channel');
route('runs/:id', 'run');
route('ticker', 'ticker');
route('firehose', 'firehose');
Controller()(SoakController);

function route(path, key) {
  const { prototype } = SoakController;
  const handler = Object.getOwnPropertyDescriptor(prototype, key);
  if (prototype[key].length > 0) Req()(prototype, key, 0);
  SseStream(path)(prototype, key, handler);
  Object.defineProperty(prototype, key, handler);
}

/** Starts the app on that port; 0 takes a free one. */
export async function startApp(state, port) {
  class SoakModule {}
  Module({
    imports: [
      SseModule.forRoot({
        heartbeatIntervalMs: 2000,
        maxLifetimeMs: 8000,
        stallTimeoutMs: 3000,
        retryMs: 100,
        drainRetryAfterMs: 100,
        limitRetryAfterMs: 100,
        maxQueuedBytes: 1024 * 1024,
        connectionsPerUser: 2,
        connectionsPerAddress: 100_000,
        channelMaxMessages: 500,
        identify: ({ headers }) => ({
          address: 'soak',
          user: headers['x-session'].split('/')[0],
          session: headers['x-session'],
        }),
        metrics: state.metrics,
      }),
    ],
    controllers: [SoakController],
    providers: [{ provide: SoakState, useValue: state }],
  })(SoakModule);
  const app = await NestFactory.create(SoakModule, { logger: ['error', 'warn'] });
  await app.listen(port, '127.0.0.1');
  return app;
}

/** Publishes the nth message of a channel. */
export function publish(app, name, n) {
  return app
    .get(SseChannels)
    .get(name)
    .publish({ event: 'tick', data: { n, padding: PADDING[name] } });
}
