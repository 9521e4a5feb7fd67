import { computed, effect, type Signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { describe, expect, it } from '@jest/globals';
import { sseResource } from '../../index';
import { record, setUpClient, statusData, URL } from '../set-up-client';

const MESSAGES = 1_000;
const FRAME_MS = 16;

/** Counts how often a signal was written: each write that changes it makes whoever reads it compute anew. */
function countWrites(read: Signal<unknown>) {
  const counted = { writes: -1, look: () => reader() };
  const reader = computed(() => {
    read();
    return (counted.writes += 1);
  });
  reader();
  return counted;
}

describe('a burst of messages within one frame', () => {
  it('writes each signal of the connection and of the resource once at most', async () => {
    const { client, server, injector } = setUpClient();
    const connection = client.connect(URL);
    record(connection);
    let folded = 0;
    const count = sseResource({ url: URL, defaultValue: 0, reducer: (sum) => ((folded += 1), sum + 1), injector });
    TestBed.tick();
    const stream = server.expectOne(URL).open();
    await server.advance(FRAME_MS);
    TestBed.tick();
    await server.advance(FRAME_MS);
    const { state, isConnected, error, lastEventId, attempt, nextAttemptAt } = connection;
    const ofConnection = [state, isConnected, error, attempt, nextAttemptAt].map(countWrites);
    const perFrame = [lastEventId, count.value, count.snapshot, count.connection.lastEventId].map(countWrites);
    const ofStatus = [count.status, count.isLoading, count.error].map(countWrites);
    let effects = 0;
    effect(() => void [lastEventId(), count.value(), (effects += 1)], { injector });
    TestBed.tick();
    const all = [...ofConnection, ...perFrame, ...ofStatus];

    for (let id = 1; id <= MESSAGES; id += 1) {
      stream.message('status', statusData(), String(id));
      for (const each of all) each.look();
    }
    expect(all.map((each) => each.writes)).toEqual(all.map(() => 0));
    expect(folded).toBe(MESSAGES);
    await server.advance(FRAME_MS);
    TestBed.tick();
    for (const each of all) each.look();
    expect(perFrame.map((each) => each.writes)).toEqual([1, 1, 1, 1]);
    expect([...ofConnection, ...ofStatus].map((each) => each.writes)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect([lastEventId(), count.value(), effects]).toEqual([String(MESSAGES), MESSAGES, 2]);
  });

  it('asks for one frame, and for none while nothing comes', async () => {
    const { client, server } = setUpClient();
    record(client.connect(URL));
    const stream = server.expectOne(URL).open();
    await server.advance(20_000);
    const idleTimers = server.clock.pendingTimers;
    for (let id = 1; id <= MESSAGES; id += 1) stream.message('status', statusData(), String(id));
    expect(server.clock.pendingTimers).toBe(idleTimers + 1);
    await server.advance(FRAME_MS);
    stream.heartbeat();
    expect(server.clock.pendingTimers).toBe(idleTimers);
  });

  it('is not even parsed where nobody wants it', () => {
    const { client, server } = setUpClient();
    const parsed: string[] = [];
    const connection = client.connect(URL, { validate: (message) => parsed.push(message.id) > 0 });
    connection.on('complete').subscribe();
    const stream = server.expectOne(URL).open();
    const parse = JSON.parse;
    let parses = 0;
    JSON.parse = (...input: Parameters<typeof parse>) => ((parses += 1), parse(...input) as unknown);
    try {
      for (let id = 1; id <= MESSAGES; id += 1) stream.message('status', statusData(), String(id));
    } finally {
      JSON.parse = parse;
    }
    expect([parses, parsed]).toEqual([0, []]);
  });
});
