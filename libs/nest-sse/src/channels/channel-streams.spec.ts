import { Controller, Param } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { from, type Observable } from 'rxjs';
import request from 'supertest';
import {
  defineEvents,
  payload,
  SseChannels,
  SseConnections,
  SseStream,
  type EventLog,
  type MergedLog,
  type SseEvent,
} from '../index.js';
import type { ReceivedFrame } from '../testing/index.js';
import { startStreamApp, type StreamApp } from '../testing/stream-app.js';

interface Notes {
  note: { text: string };
  rumour: { text: string };
}

const noteEvents = defineEvents({ note: payload<Notes['note']>(), rumour: payload<Notes['rumour']>() });

/** What the slow handler waits for. */
const gate = { isOpen: Promise.resolve() };

@Controller()
class FeedController {
  constructor(private readonly channels: SseChannels) {}

  @SseStream('merged/:names', { filter: true })
  merged(@Param('names') names: string): MergedLog<Notes> {
    return this.channels.merge<Notes>(names.split('+'));
  }

  @SseStream('slow/:name', { filter: true })
  async slow(@Param('name') name: string): Promise<EventLog<Notes>> {
    await gate.isOpen;
    return this.channels.get<Notes>(name).log;
  }

  @SseStream('defined/:name', { filter: true, events: noteEvents })
  defined(@Param('name') name: string): EventLog<Notes> {
    return this.channels.get<Notes>(name).log;
  }

  @SseStream('all/:name')
  all(@Param('name') name: string): EventLog<Notes> {
    return this.channels.get<Notes>(name).log;
  }

  @SseStream('observable', { filter: true })
  observable(): Observable<SseEvent<Notes>> {
    return from<SseEvent<Notes>[]>([
      { event: 'rumour', data: { text: 'r' } },
      { event: 'note', data: { text: 'n' } },
    ]);
  }
}

let streams: StreamApp;
let channels: SseChannels;

beforeEach(async () => {
  streams = await startStreamApp({ controllers: [FeedController] });
  channels = streams.app.get(SseChannels);
});
afterEach(() => streams.close());

const publish = (name: string, text: string, event: keyof Notes = 'note') =>
  channels.get<Notes>(name).publish({ event, data: { text } });
const texts = (frames: readonly ReceivedFrame[]) => frames.map(({ data }) => (data as { text: string }).text);

describe('several channels in one stream', () => {
  it('are all resumed by the one id that an EventSource names', async () => {
    await publish('workspace', 'w1');
    await publish('user', 'u1');
    const client = await streams.open('/merged/workspace+user');
    expect(texts(await client.take(2)).sort()).toEqual(['u1', 'w1']);
    await publish('user', 'u2');
    expect(texts(await client.take(1))).toEqual(['u2']);
    await client.close();
    await publish('workspace', 'w2');
    await publish('user', 'u3');
    const again = await client.reconnect();
    expect(texts(await again.take(2)).sort()).toEqual(['u3', 'w2']);
    await publish('workspace', 'w3');
    expect(texts(await again.take(1))).toEqual(['w3']);
  });

  it('share one log among those who stream the same, and are listed by each name', async () => {
    const clients = await Promise.all([1, 2, 3].map(() => streams.open('/merged/a+b')));
    await publish('a', 'x');
    for (const client of clients) expect(texts(await client.take(1))).toEqual(['x']);
    expect(channels.list().map(({ listeners }) => listeners)).toEqual([1, 1]);
    expect(channels.merge(['b', 'a'])).toBe(channels.merge(['a', 'b']));
    for (const { channels: shown } of streams.app.get(SseConnections).list()) expect(shown).toEqual(['a', 'b']);
  });

  it('complete when all are deleted', async () => {
    const client = await streams.open('/merged/a+b');
    await publish('a', 'x');
    channels.delete('a');
    await publish('b', 'y');
    expect(texts(await client.take(2))).toEqual(['x', 'y']);
    channels.delete('b');
    expect((await client.next('stream.close')).data.reason).toBe('complete');
  });
});

describe('?events=', () => {
  it('streams the events of those names, with the cursors of all', async () => {
    await publish('a', 'one');
    await publish('a', 'two', 'rumour');
    const client = await streams.open('/merged/a?events=note');
    expect(texts(await client.take(1))).toEqual(['one']);
    await publish('a', 'three', 'rumour');
    await publish('a', 'four');
    expect(texts(await client.take(1))).toEqual(['four']);
    // The same place without the filter: nothing is left.
    const [id] = client.frames.filter(({ event }) => event === 'note').slice(-1);
    const unfiltered = await streams.open('/merged/a', { lastEventId: id?.id ?? '' });
    await publish('a', 'five', 'rumour');
    expect(texts(await unfiltered.take(1))).toEqual(['five']);
  });

  it('tells the client where it is, though the last messages were left out: it comes back to the end of an ended log', async () => {
    const client = await streams.open('/merged/a?events=note');
    await publish('a', 'one');
    await publish('a', 'two', 'rumour');
    channels.get('a').log.end();
    expect((await client.next('stream.close')).data.reason).toBe('complete');
    expect((await client.reconnect()).status).toBe(204);
  });

  it('applies to pages, to slow handlers and to Observables', async () => {
    await publish('a', 'one', 'rumour');
    await publish('a', 'two');
    const page = await request(streams.server)
      .get('/merged/a?events=note')
      .set('Accept', 'application/json')
      .expect(200);
    expect(page.body.events.map(({ event }: { event: string }) => event)).toEqual(['note']);
    expect(page.body).toMatchObject({ more: false });
    let open = (): void => undefined;
    gate.isOpen = new Promise((resolve) => (open = resolve));
    const slow = await streams.open('/slow/a?events=note,other');
    open();
    expect(texts(await slow.take(1))).toEqual(['two']);
    const observable = await streams.open('/observable?events=note');
    expect(texts(await observable.take(1))).toEqual(['n']);
  });

  it('is not heard where the route does not say so, or where it names nothing', async () => {
    await publish('a', 'one', 'rumour');
    expect(texts(await (await streams.open('/all/a?events=note')).take(1))).toEqual(['one']);
    expect(texts(await (await streams.open('/merged/a?events=')).take(1))).toEqual(['one']);
    expect(texts(await (await streams.open('/merged/a?events=note&events=rumour')).take(1))).toEqual(['one']);
  });

  it('is refused for what the route says it never streams, with what it does', async () => {
    await publish('a', 'one', 'rumour');
    const { body } = await request(streams.server).get('/defined/a?events=note,typo').expect(400);
    expect(body).toMatchObject({ code: 'invalid_events', message: expect.stringContaining(': note, rumour.') });
    expect(texts(await (await streams.open('/defined/a?events=rumour')).take(1))).toEqual(['one']);
  });

  it.each(['note,', 'a b', 'a:b', 'ä', 'x'.repeat(129), Array.from({ length: 33 }, () => 'x').join()])(
    'is refused before the stream opens where it names what is no event: %j',
    async (events) => {
      const { body } = await request(streams.server)
        .get(`/merged/a?events=${encodeURIComponent(events)}`)
        .expect(400);
      expect(body).toMatchObject({ code: 'invalid_events' });
    },
  );
});
