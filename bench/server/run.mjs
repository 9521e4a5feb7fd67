/**
 * `npm run bench:server -- --port P [--stall-timeout-ms 30000] [--channel-max-messages 20000]`: `@throughline/nest-sse`
 * alone, as a team would use it: one channel, one `@SseStream()` handler at `GET /events`. See `control.mjs` for its
 * other routes. Limits are out of the way, and so are heartbeats and lifetimes: all connections come from one address.
 */
import { Controller, Inject, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SseChannels, SseConnections, SseModule, SseStream } from '@throughline/nest-sse';
import { createControl } from './control.mjs';
import { listen, numbersFromFlags } from './listen.mjs';

const DAY_MS = 86_400_000;
const MANY = 1_000_000;
/** Room for `--channel-max-messages` of any size that is measured. */
const CHANNEL_MAX_BYTES = 64 * 1024 * 1024;

const flags = numbersFromFlags({ 'stall-timeout-ms': 30_000, 'channel-max-messages': 20_000 });

class EventsController {
  constructor(channels) {
    this.channels = channels;
  }

  events() {
    return this.channels.get('bench').log;
  }
}
Inject(SseChannels)(EventsController, undefined, 0);
const handler = Object.getOwnPropertyDescriptor(EventsController.prototype, 'events');
SseStream('events')(EventsController.prototype, 'events', handler);
Object.defineProperty(EventsController.prototype, 'events', handler);
Controller()(EventsController);

class BenchModule {}
Module({
  imports: [
    SseModule.forRoot({
      connectionsPerUser: MANY,
      connectionsPerAddress: MANY,
      connectionsTotal: MANY,
      heartbeatIntervalMs: DAY_MS,
      maxLifetimeMs: DAY_MS,
      stallTimeoutMs: flags['stall-timeout-ms'],
      channelMaxMessages: flags['channel-max-messages'],
      channelMaxBytes: CHANNEL_MAX_BYTES,
    }),
  ],
  controllers: [EventsController],
})(BenchModule);

const app = await NestFactory.create(BenchModule, { logger: ['error', 'warn'] });
const channel = app.get(SseChannels).get('bench');
const connections = app.get(SseConnections);

let logReads = 0;
const { log } = channel;
const readAfter = log.readAfter.bind(log);
log.readAfter = (cursor, limit) => {
  logReads += 1;
  return readAfter(cursor, limit);
};

const control = createControl({
  send: ({ event, data }) => channel.publish({ event, data }),
  gauges: () => {
    const open = connections.list();
    return {
      logReads,
      connections: open.length,
      bytesQueued: open.reduce((sum, { bytesQueued }) => sum + bytesQueued, 0),
    };
  },
  reset: () => (logReads = 0),
});
app.use((request, response, next) => control(request, response) || next());
await app.init();
listen(app.getHttpServer(), flags.port);
