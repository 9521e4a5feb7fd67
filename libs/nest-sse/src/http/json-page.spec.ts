import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Injectable } from '@nestjs/common';
import type { EventPage } from '@throughline/sse-protocol';
import { MemoryEventLog, SseConnections, SseLog, SseStream, type EventLog, type SseSource } from '../index.js';
import { PLATFORMS, startStreamApp, type StreamApp } from '../testing/stream-app.js';
import { readAccept } from './accept.js';

const tick = (n: number) => ({ event: 'tick', data: { n } });
const JSON_ONLY = { headers: { accept: 'application/json' } };

class StatusLog extends MemoryEventLog {
  state: string | undefined = 'running';
  readonly calls: string[] = [];

  status(): Promise<string | undefined> {
    this.calls.push('status');
    return Promise.resolve(this.state);
  }

  override readAfter(...args: Parameters<MemoryEventLog['readAfter']>): ReturnType<MemoryEventLog['readAfter']> {
    this.calls.push('readAfter');
    return super.readAfter(...args);
  }
}

let log: StatusLog;

@Injectable()
class OneLog implements SseSource {
  open(): EventLog {
    return log;
  }
}

@Controller()
class PagesController {
  @SseStream('events', { source: OneLog })
  events(@SseLog() events: EventLog): EventLog {
    return events;
  }

  @SseStream('own')
  own(): EventLog {
    return log;
  }
}

describe.each(PLATFORMS)('a JSON page on %s', (platform) => {
  let streams: StreamApp;

  beforeEach(async () => {
    log = new StatusLog({ epoch: 'e', maxMessages: 600, snapshotUrl: '/snapshot' });
    streams = await startStreamApp({
      platform,
      options: { connectionsTotal: 1 },
      controllers: [PagesController],
      providers: [OneLog],
    });
  });
  afterEach(() => streams.close());

  const page = async (query = '', path = '/events'): Promise<EventPage> =>
    (await streams.open(`${path}${query}`, JSON_ONLY)).json<EventPage>();

  it('has the same messages and cursors as the stream, and the state', async () => {
    await log.append([tick(1), tick(2)]);
    const client = await streams.open('/events', JSON_ONLY);
    expect(client.status).toBe(200);
    expect(client.headers['content-type']).toMatch(/^application\/json/);
    expect(client.headers['cache-control']).toBe('no-store');
    const body = await client.json<EventPage>();
    expect(body).toEqual({
      events: [
        { event: 'tick', id: 'e-1', data: { n: 1 } },
        { event: 'tick', id: 'e-2', data: { n: 2 } },
      ],
      cursor: 'e-2',
      more: false,
      status: 'running',
    });
    const stream = await streams.open('/events');
    const frames = await stream.take(2);
    expect(frames.map(({ event, id, data }) => ({ event, id, data }))).toEqual(body.events);
  });

  it('goes on after the cursor, page by page', async () => {
    await log.append([1, 2, 3, 4, 5].map(tick));
    const first = await page('?limit=2');
    expect([first.cursor, first.more]).toEqual(['e-2', true]);
    const second = await page(`?after=${first.cursor}&limit=500`);
    expect(second.events.map(({ id }) => id)).toEqual(['e-3', 'e-4', 'e-5']);
    expect((await page(`?after=${second.cursor}`)).events).toEqual([]);
  });

  it('has at most 500 messages', async () => {
    await log.append(Array.from({ length: 600 }, (_, n) => tick(n)));
    const { events, more } = await page();
    expect([events.length, more]).toEqual([500, true]);
  });

  it.each(['0', '501', '-1', '1.5', 'x', '', '1e2', '5&limit=6'])('refuses the limit %j', async (limit) => {
    const client = await streams.open(`/events?limit=${limit}`, JSON_ONLY);
    expect(client.status).toBe(400);
    expect(await client.json()).toMatchObject({ code: 'invalid_limit' });
  });

  it('tells a gap', async () => {
    await log.append(Array.from({ length: 605 }, (_, n) => tick(n)));
    const { gap, events } = await page('?after=e-2&limit=1');
    expect(gap).toEqual({ reason: 'trimmed', from: 'e-2', to: 'e-5', snapshot: '/snapshot' });
    expect(events[0]?.id).toBe('e-6');
  });

  it('reads the state before the messages, so that a final state never hides the last of them', async () => {
    await page();
    expect(log.calls).toEqual(['status', 'readAfter']);
  });

  it('has no state where the log has none', async () => {
    log.state = undefined;
    expect(await page()).not.toHaveProperty('status');
  });

  it('is served after the end, where a stream would get 204', async () => {
    await log.append([tick(1)]);
    log.end();
    expect(await page('?after=e-1')).toMatchObject({ events: [], more: false });
  });

  it('takes no connection slot', async () => {
    const stream = await streams.open('/events');
    await stream.next('stream.open');
    expect((await streams.open('/events', JSON_ONLY)).status).toBe(200);
    expect(streams.app.get(SseConnections).list()).toHaveLength(1);
  });

  it('is served for a log that the handler found by itself', async () => {
    await log.append([tick(1)]);
    expect((await page('', '/own')).events).toHaveLength(1);
  });
});

describe('readAccept', () => {
  it.each([
    [undefined, false, false],
    ['*/*', false, false],
    ['text/event-stream', false, true],
    ['application/json', true, false],
    ['application/json, text/event-stream', false, true],
    ['application/json;q=0.9, text/event-stream;q=0.8', true, false],
    ['application/json;q=0.5, text/event-stream', false, true],
    ['application/json, text/plain, */*', false, false],
    ['application/json, */*;q=0.1', true, false],
    ['application/*', true, false],
    ['text/event-stream;q=0', false, false],
    ['Application/JSON ; q=1', true, false],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', false, false],
    ['application/json;q=oops', false, false],
  ])('reads %j: page %j, names the stream %j', (header, wantsPage, namesStream) => {
    expect(readAccept(header)).toEqual({ wantsPage, namesStream });
  });
});
