import { describe, expect, it } from '@jest/globals';
import { withPollingFallback, withReconnect } from '../index';
import { record, setUpClient, statusData, URL } from './set-up-client';

describe('reconnecting', () => {
  it('resumes after the last id that it received', async () => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL);
    const got = record(connection);
    const first = server.expectOne(URL);
    expect(first.url).toBe(URL);
    first.open().message('status', statusData(), '7');
    first.drop();
    expect(connection.state()).toBe('reconnecting');
    await server.advance(1_000);
    const second = server.expectOne(URL);
    expect(second.url).toBe(`${URL}?lastEventId=7`);
    second.open().message('status', statusData(), '8');
    expect(got.ids).toEqual(['7', '8']);
    expect(connection.isConnected()).toBe(true);
  });

  it('waits 1, 2, 4, 8, 16 and then 30 seconds at most', async () => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL);
    record(connection);
    for (const delayMs of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
      server.expectOne(URL).open().drop();
      expect(connection.nextAttemptAt()?.getTime()).toBe(server.clock.now() + delayMs);
      await server.advance(delayMs - 1);
      server.expectNone(URL);
      await server.advance(1);
    }
    expect(connection.attempt()).toBe(7);
  });

  it('takes off up to half of each delay at random', async () => {
    const { client, server } = setUpClient();
    server.random = 1;
    const connection = client.connect(URL);
    record(connection);
    server.expectOne(URL).open().drop();
    expect(connection.nextAttemptAt()?.getTime()).toBe(server.clock.now() + 500);
  });

  it('starts its schedule again only after the connection has been stable', async () => {
    const { client, server } = setUpClient(withReconnect({ stableAfterMs: 10_000 }));
    const connection = client.connect(URL);
    record(connection);
    server.expectOne(URL).open().drop();
    await server.advance(1_000);
    const second = server.expectOne(URL).open();
    await server.advance(9_999);
    expect(connection.attempt()).toBe(1);
    second.drop();
    expect(connection.attempt()).toBe(2);
    await server.advance(2_000);
    const third = server.expectOne(URL).open();
    await server.advance(10_000);
    expect(connection.attempt()).toBe(0);
    third.drop();
    expect(connection.nextAttemptAt()?.getTime()).toBe(server.clock.now() + 1_000);
  });

  it.each(['limit', 'overloaded', 'slow', 'revoked'] as const)(
    'comes back after %s when the server says',
    async (reason) => {
      const { client, server } = setUpClient();
      const connection = client.connect(URL);
      record(connection);
      server.expectOne(URL).close(reason, 5_000);
      expect(connection.error()?.code).toBe('refused');
      expect(connection.nextAttemptAt()?.getTime()).toBe(server.clock.now() + 5_000);
      await server.advance(5_000);
      server.expectOne(URL).close(reason);
      expect(connection.nextAttemptAt()?.getTime()).toBe(server.clock.now() + 10_000);
    },
  );

  it.each(['lifetime', 'drain'] as const)('comes back after %s without counting a failure', async (reason) => {
    const { client, server } = setUpClient(withPollingFallback());
    const connection = client.connect(URL);
    record(connection);
    server.expectOne(URL).open().close(reason, 200);
    expect(connection.attempt()).toBe(0);
    expect(connection.error()).toBeUndefined();
    await server.advance(200);
    server.expectOne(URL).open();
    expect(connection.state()).toBe('open');
  });

  it('slows down where a server does nothing but end connections as planned', async () => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL);
    record(connection);
    const delaysMs: number[] = [];
    for (let i = 0; i < 5; i += 1) {
      server.expectOne(URL).open().close('drain', 0);
      const delayMs = (connection.nextAttemptAt()?.getTime() ?? NaN) - server.clock.now();
      delaysMs.push(delayMs);
      await server.advance(delayMs);
    }
    expect(delaysMs).toEqual([0, 1_000, 2_000, 4_000, 8_000]);
  });

  it('ends well when the server says that all is told', async () => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL);
    const got = record(connection);
    server.expectOne(URL).open().message('status', statusData(), '1').close('complete');
    expect(got.end).toBe('complete');
    expect(connection.state()).toBe('closed');
    expect(connection.error()).toBeUndefined();
    expect(connection.lastEventId()).toBe('1');
    server.verifyNothingLeft();
  });

  it('ends when another connection has taken its place', () => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL);
    const got = record(connection);
    server.expectOne(URL).open().close('superseded');
    expect(got.end).toBe('superseded');
    expect(connection.state()).toBe('failed');
    server.verifyNothingLeft();
  });

  it('tries now when told so, with one connection only', async () => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL);
    record(connection);
    server.expectOne(URL).open().drop();
    connection.reconnect();
    const second = server.expectOne(URL).open();
    connection.reconnect();
    expect(second.isClosed).toBe(true);
    server.expectOne(URL).open();
    expect(server.openConnections).toBe(1);
    await server.advance(60_000);
    expect(server.openConnections).toBe(1);
  });

  it('goes on after an end when told so and listened to', async () => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL);
    record(connection);
    server.expectOne(URL).open().message('status', statusData(), '4').close('complete');
    connection.reconnect();
    server.expectNone(URL);
    const again = record(connection);
    const stream = server.expectOne(URL);
    expect(stream.url).toBe(`${URL}?lastEventId=4`);
    stream.open().message('status', statusData(), '5');
    expect(again.ids).toEqual(['5']);
  });

  it('gives only its end to those who come after it', async () => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL);
    record(connection);
    server.expectOne(URL).open().close('complete');
    expect(record(connection).end).toBe('complete');
    server.expectNone(URL);
    expect(connection.state()).toBe('closed');
  });
});
