/** The peer to measure the others by: `node:http`, a set of responses, each message encoded once. No resume, no limits. */
import { createServer } from 'node:http';
import { createControl } from '../server/control.mjs';
import { listen, numbersFromFlags } from '../server/listen.mjs';

const readers = new Set();

const control = createControl({
  send: ({ id, event, data }) => {
    const frame = Buffer.from(`event: ${event}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`);
    for (const reader of readers) reader.write(frame);
    return id;
  },
  gauges: () => ({ connections: readers.size }),
});

const server = createServer((request, response) => {
  if (control(request, response)) return;
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
  });
  response.write(': open\n\n');
  readers.add(response);
  response.once('close', () => readers.delete(response));
});
listen(server, numbersFromFlags().port);
