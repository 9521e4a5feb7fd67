import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller } from '@nestjs/common';
import fc from 'fast-check';
import { Subject, type Observable } from 'rxjs';
import { SseChannels, SseConnections, SseStream, type EventLog, type SseChannel, type SseEvent } from '../../index.js';
import { TestClock } from '../../testing/index.js';
import { startStreamApp, type StreamApp } from '../../testing/stream-app.js';
import { eventually } from '../testing/eventually.js';
import { RawClient } from '../testing/raw-client.js';
import { frameOf, messageOf, sampledMessage } from '../testing/sampled-messages.js';

let source: Subject<SseEvent>;
let bystanders: Subject<SseEvent>;

@Controller()
class MessagesController {
  constructor(private readonly channels: SseChannels) {}

  @SseStream('source')
  source(): Observable<SseEvent> {
    return source;
  }

  @SseStream('bystanders')
  bystanders(): Observable<SseEvent> {
    return bystanders;
  }

  @SseStream('channel')
  channel(): EventLog {
    return this.channels.get('c').log;
  }
}

const KIB = 1024;
const clock = new TestClock();
const timestamp = new Date(clock.now()).toISOString();
const RUNS = { numRuns: 250 };

describe('whatever a message is made of', () => {
  let streams: StreamApp;
  let connections: SseConnections;
  let channel: SseChannel;
  let bystander: RawClient;
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);

  beforeAll(async () => {
    process.on('unhandledRejection', note);
    streams = await startStreamApp({
      options: { clock, maxQueuedBytes: 64 * KIB * KIB },
      controllers: [MessagesController],
    });
    connections = streams.app.get(SseConnections);
    channel = streams.app.get(SseChannels).get('c');
  });
  afterAll(async () => {
    process.off('unhandledRejection', note);
    await streams.close();
  });
  beforeEach(async () => {
    source = new Subject();
    bystanders = new Subject();
    bystander = await open('/bystanders');
  });

  const publish = async (made: SseEvent): Promise<string> => channel.publish(made);
  const open = async (path: string): Promise<RawClient> => {
    const client = await RawClient.ask(streams.server, path);
    await eventually(() => client.text.includes('event: stream.open\n') && client.text.endsWith('\n\n'), 'stream.open');
    client.forget();
    return client;
  };
  const expectText = async (client: RawClient, expected: string): Promise<void> => {
    await eventually(() => client.text.length >= expected.length, 'the frame');
    // Not by toBe(): a difference in a megabyte takes a minute to draw.
    const isSame = client.text === expected;
    expect([isSame, isSame ? '' : client.text.slice(0, 500)]).toEqual([true, isSame ? '' : expected.slice(0, 500)]);
    client.forget();
  };
  const expectCalm = async (...clients: RawClient[]): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    expect(unhandled).toEqual([]);
    for (const client of [bystander, ...clients]) expect([client.text, client.socket.destroyed]).toEqual(['', false]);
    bystanders.next({ event: 'still', data: 'here' });
    await expectText(bystander, 'event: still\ndata: "here"\n\n');
    for (const client of [bystander, ...clients]) client.leave('destroy');
    await eventually(() => connections.list().length === 0, 'all to be closed');
  };

  it('from an Observable: its own frame byte for byte, or the end of that stream with nothing of it sent', async () => {
    let client = await open('/source');
    await fc.assert(
      fc.asyncProperty(sampledMessage, async (sampled) => {
        const made = messageOf(sampled);
        const expected = frameOf(made, timestamp);
        source.next(made);
        if (expected !== undefined) return expectText(client, expected);
        await eventually(() => client.socket.destroyed, 'the end');
        expect(client.text).toMatch(
          /^retry: \d+\n\nevent: stream\.close\ndata: \{[^\n]*"reason":"overloaded"[^\n]*\}\n\n$/,
        );
        client = await open('/source');
        return undefined;
      }),
      RUNS,
    );
    await expectCalm(client);
  });

  it('published to a channel: its own frame byte for byte, or refused at once with nothing of it sent', async () => {
    const clients = [await open('/channel'), await open('/channel')];
    await fc.assert(
      fc.asyncProperty(sampledMessage, async (sampled) => {
        const { id: _, ...made } = messageOf(sampled);
        const outcome = await publish(made).catch((error: unknown) => error);
        const id = typeof outcome === 'string' ? outcome : await channel.publish({ event: 'next', data: null });
        expect(outcome instanceof Error).toBe(frameOf(made, timestamp) === undefined);
        const expected = outcome instanceof Error ? { event: 'next', data: null, id } : { ...made, id };
        for (const client of clients) await expectText(client, frameOf(expected, timestamp) ?? '');
      }),
      RUNS,
    );
    await expectCalm(...clients);
  });

  it('sent beside a stream: its own frame byte for byte without an id, or refused at once with nothing sent', async () => {
    const clients = [await open('/source'), await open('/channel')];
    const broadcast = (made: SseEvent): unknown => {
      try {
        return connections.broadcast(made, ({ kind }) => !kind.endsWith('.bystanders'));
      } catch (error) {
        return error;
      }
    };
    await fc.assert(
      fc.asyncProperty(sampledMessage, async (sampled) => {
        const made = messageOf(sampled);
        const expected = frameOf({ event: made.event, data: made.data }, timestamp);
        const outcome = broadcast(made);
        expect(outcome instanceof Error).toBe(expected === undefined);
        for (const client of clients) await expectText(client, expected ?? '');
      }),
      RUNS,
    );
    await expectCalm(...clients);
  });
});
