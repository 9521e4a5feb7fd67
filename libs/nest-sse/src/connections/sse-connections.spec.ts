import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Param } from '@nestjs/common';
import { FrameError } from '@throughline/sse-protocol';
import {
  SseChannels,
  SseConnections,
  SseStream,
  type EventLog,
  type SseConnection,
  type SseConnectionFilter,
} from '../index.js';
import type { SseTestClient } from '../testing/index.js';
import { startStreamApp, type StreamApp } from '../testing/stream-app.js';
import { ConnectionRegistry } from './connection-registry.js';

interface News {
  headline: { text: string };
}

@Controller()
class ChannelsController {
  constructor(private readonly channels: SseChannels) {}

  @SseStream('channels/:name')
  channel(@Param('name') name: string): EventLog<News> {
    return this.channels.get<News>(name).log;
  }
}

describe('SseConnections', () => {
  let streams: StreamApp;
  let connections: SseConnections;
  let channels: SseChannels;

  beforeEach(async () => {
    streams = await startStreamApp({
      options: {
        identify: ({ headers }) => ({
          user: String(headers['x-user']),
          session: String(headers['x-session']),
          address: '127.0.0.1',
        }),
      },
      controllers: [ChannelsController],
    });
    connections = streams.app.get(SseConnections);
    channels = streams.app.get(SseChannels);
  });
  afterEach(() => streams.close());

  const open = async (user: string, channel = 'news'): Promise<SseTestClient & { id: string }> => {
    const headers = { 'x-user': user, 'x-session': `${user}-1` };
    const client = await streams.open(`/channels/${channel}`, { headers });
    const { data } = await client.next('stream.open');
    return Object.assign(client, { id: data.connectionId as string });
  };

  it('shows who is connected, to what, since when and how far', async () => {
    const ann = await open('ann');
    await open('bob', 'other');
    await channels.get<News>('news').publish({ event: 'headline', data: { text: 'hello' } });
    const { id } = await ann.next('headline');
    expect(connections.list().map(({ user }) => user)).toEqual(['ann', 'bob']);
    expect(connections.get(ann.id)).toEqual({
      id: ann.id,
      user: 'ann',
      session: 'ann-1',
      address: '127.0.0.1',
      kind: 'ChannelsController.channel',
      channels: ['news'],
      since: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      cursor: id,
      bytesQueued: 0,
      lastWriteAt: expect.stringMatching(/Z$/),
    });
    expect(connections.get('nobody')).toBeUndefined();
  });

  it('sends to one, beside its stream and without moving its cursor', async () => {
    const [ann, bob] = [await open('ann'), await open('bob')];
    expect(connections.send(ann.id, { event: 'hint', data: { for: 'ann' } })).toBe(true);
    expect(connections.send('nobody', { event: 'hint', data: {} })).toBe(false);
    const hint = await ann.next('hint');
    expect(hint).toEqual({ event: 'hint', lastEventId: '', data: { for: 'ann', timestamp: expect.any(String) } });
    await channels.get<News>('news').publish({ event: 'headline', data: { text: 'x' } });
    await bob.next('headline');
    expect(bob.frames.map(({ event }) => event)).not.toContain('hint');
  });

  it('broadcasts to those whom a filter lets through', async () => {
    const [ann, bob] = [await open('ann'), await open('bob')];
    const isAnn = ({ user }: SseConnection): boolean => user === 'ann';
    expect(connections.broadcast({ event: 'first', data: null }, isAnn)).toBe(1);
    expect(connections.broadcast({ event: 'second', data: null })).toBe(2);
    await Promise.all([ann.next('second'), bob.next('second')]);
    expect(ann.frames.map(({ event }) => event)).toEqual(['stream.open', 'first', 'second']);
    expect(bob.frames.map(({ event }) => event)).toEqual(['stream.open', 'second']);
  });

  it('refuses a name that would break the framing, before anything is sent', async () => {
    const ann = await open('ann');
    expect(() => connections.broadcast({ event: 'a\nb', data: {} })).toThrow(FrameError);
    connections.send(ann.id, { event: 'fine', data: {} });
    await ann.next('fine');
    expect(ann.frames).toHaveLength(2);
  });

  it("closes a session's streams with the reason, and no others", async () => {
    const [ann, bob] = [await open('ann'), await open('bob')];
    const ended: unknown[] = [];
    connections.closed.subscribe(({ connection, reason }) => ended.push([connection.user, reason]));
    expect(connections.closeWhere(({ session }) => session === 'ann-1', 'revoked')).toBe(1);
    expect((await ann.next('stream.close')).data).toEqual({ timestamp: expect.any(String), reason: 'revoked' });
    await ann.ended();
    expect(connections.close(ann.id, 'revoked')).toBe(false);
    expect(connections.close(bob.id, 'revoked')).toBe(true);
    await bob.ended();
    expect(ended).toContainEqual(['ann', 'revoked']);
  });

  it('finds streams by user, session and channel, and by all that is named', async () => {
    const [ann, other, bob] = [await open('ann'), await open('ann', 'other'), await open('bob')];
    const idsOf = (filter?: SseConnectionFilter) => connections.list(filter).map(({ id }) => id);
    expect(idsOf()).toEqual([ann.id, other.id, bob.id]);
    expect(idsOf({ user: 'ann' })).toEqual([ann.id, other.id]);
    expect(idsOf({ session: 'bob-1' })).toEqual([bob.id]);
    expect(idsOf({ channel: 'news' })).toEqual([ann.id, bob.id]);
    expect(idsOf({ user: 'ann', channel: 'news' })).toEqual([ann.id]);
    expect(idsOf({ user: 'ann', session: 'bob-1' })).toEqual([]);
    expect(idsOf({ user: 'nobody' })).toEqual([]);
    expect(idsOf(({ channels: names }) => names.includes('other'))).toEqual([other.id]);
    expect([connections.count(), connections.count({ user: 'ann' }), connections.count(() => false)]).toEqual([
      3, 2, 0,
    ]);
    expect(connections.broadcast({ event: 'hint', data: {} }, { channel: 'other' })).toBe(1);
    await other.next('hint');
    await ann.close();
    await other.close();
    while (connections.count({ user: 'ann' }) > 0) await new Promise((resolve) => setImmediate(resolve));
    const registry = streams.app.get(ConnectionRegistry);
    expect([...registry.ofSession('ann-1'), ...registry.ofUser('ann')]).toEqual([]);
    expect([...registry.all()].map(({ id }) => id)).toEqual([bob.id]);
    expect(idsOf()).toEqual([bob.id]);
  });

  it('closes those of a user or a session, and never all because a name is missing', async () => {
    const [ann, other, bob] = [await open('ann'), await open('ann', 'other'), await open('bob')];
    const missing = { session: undefined } as unknown as SseConnectionFilter;
    for (const filter of [missing, {}]) {
      expect(() => connections.closeWhere(filter, 'revoked')).toThrow(TypeError);
    }
    expect(connections.closeWhere({ session: 'ann-1' }, 'revoked')).toBe(2);
    expect(connections.closeWhere({ session: 'ann-1' }, 'revoked')).toBe(0);
    expect(connections.closeWhere({ user: 'bob' }, 'superseded')).toBe(1);
    for (const client of [ann, other, bob]) await client.ended();
    expect((await bob.next('stream.close')).data.reason).toBe('superseded');
    expect((await ann.next('stream.close')).data.reason).toBe('revoked');
  });

  it('tells what opens and what closes', async () => {
    const opened: string[] = [];
    connections.opened.subscribe(({ id }) => opened.push(id));
    const closed = new Promise((resolve) => connections.closed.subscribe(resolve));
    const ann = await open('ann');
    await ann.close();
    expect(opened).toEqual([ann.id]);
    expect(await closed).toMatchObject({ connection: { id: ann.id }, reason: 'disconnected' });
    expect(connections.list()).toEqual([]);
  });
});

describe('SseChannels', () => {
  let streams: StreamApp;
  let channels: SseChannels;

  beforeEach(async () => {
    streams = await startStreamApp({ options: { channelMaxMessages: 3 }, controllers: [ChannelsController] });
    channels = streams.app.get(SseChannels);
  });
  afterEach(() => streams.close());

  const publish = (text: string) => channels.get<News>('news').publish({ event: 'headline', data: { text } });

  it('gives those who come later the history it keeps', async () => {
    const cursor = await publish('one');
    await publish('two');
    const client = await streams.open('/channels/news', { lastEventId: cursor });
    expect((await client.next()).data).toEqual({ text: 'two', timestamp: expect.any(String) });
  });

  it('tells a gap to those for whom history is gone', async () => {
    const cursor = await publish('one');
    for (const text of ['two', 'three', 'four', 'five']) await publish(text);
    const client = await streams.open('/channels/news', { lastEventId: cursor });
    expect((await client.next('stream.gap')).data.reason).toBe('trimmed');
    expect((await client.take(3)).map(({ data }) => data.text)).toEqual(['three', 'four', 'five']);
  });

  it('completes its streams when it is deleted, and is another afterwards', async () => {
    await publish('one');
    const client = await streams.open('/channels/news');
    await client.next('headline');
    expect(channels.delete('news')).toBe(true);
    expect(channels.delete('news')).toBe(false);
    expect((await client.next('stream.close')).data.reason).toBe('complete');
    const again = await client.reconnect();
    expect((await again.next('stream.gap')).data.reason).toBe('epoch');
  });

  it('is an Observable too: what is there, then what comes', async () => {
    const cursor = await publish('one');
    await publish('two');
    const seen: string[] = [];
    const done = new Promise<void>((resolve) =>
      channels
        .get<News>('news')
        .stream(cursor)
        .subscribe({ next: ({ data }) => seen.push(data.text), complete: resolve }),
    );
    await publish('three');
    channels.delete('news');
    await done;
    expect(seen).toEqual(['two', 'three']);
  });
});
