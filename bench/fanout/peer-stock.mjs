/** NestJS as it comes: `@Sse()` over one Subject that all connections share. */
import { Controller, Module, Sse } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Subject } from 'rxjs';
import { createControl } from '../server/control.mjs';
import { listen, numbersFromFlags } from '../server/listen.mjs';

const feed = new Subject();

class EventsController {
  events() {
    return feed;
  }
}
const handler = Object.getOwnPropertyDescriptor(EventsController.prototype, 'events');
Sse('events')(EventsController.prototype, 'events', handler);
Controller()(EventsController);

class BenchModule {}
Module({ controllers: [EventsController] })(BenchModule);

const app = await NestFactory.create(BenchModule, { logger: ['error', 'warn'] });
const control = createControl({
  send: ({ id, event, data }) => {
    feed.next({ id, type: event, data });
    return id;
  },
});
app.use((request, response, next) => control(request, response) || next());
await app.init();
listen(app.getHttpServer(), numbersFromFlags().port);
