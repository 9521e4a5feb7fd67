/** better-sse on `node:http`: a session for each connection, a channel that broadcasts to them. */
import { createServer } from 'node:http';
import { createChannel, createSession } from 'better-sse';
import { createControl } from '../server/control.mjs';
import { listen, numbersFromFlags } from '../server/listen.mjs';

const channel = createChannel();

const control = createControl({
  send: ({ id, event, data }) => {
    channel.broadcast(data, event, { eventId: id });
    return id;
  },
  gauges: () => ({ connections: channel.sessionCount }),
});

const server = createServer(async (request, response) => {
  if (control(request, response)) return;
  channel.register(await createSession(request, response, { keepAlive: null }));
});
listen(server, numbersFromFlags().port);
