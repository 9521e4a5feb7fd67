import { describe, expect, it } from '@jest/globals';
import { withLiveness, withPollingFallback } from '../../index';
import { record, setUpClient, statusData, URL } from '../set-up-client';

describe('client trap 1: two schedulers of reconnects', () => {
  it('closes the EventSource on its first error, so that only ours is left', async () => {
    const { client, server } = setUpClient();
    record(client.connect(URL));
    const stream = server.expectOne(URL).open();
    stream.drop();
    expect(stream.isClosed).toBe(true);
    await server.advance(1_000);
    expect(server.openConnections).toBe(1);
  });

  it('has one attempt under way, however often and from wherever it is told to try', async () => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL);
    record(connection);
    server.expectOne(URL).open().drop();
    for (let i = 0; i < 3; i += 1) {
      connection.reconnect();
      window.dispatchEvent(new Event('online'));
      document.dispatchEvent(new Event('visibilitychange'));
      await server.advance(1_000);
      expect(server.openConnections).toBe(1);
    }
  });
});

describe('client trap 4: a backoff that is reset on open', () => {
  it('does not repeat accept-then-close at full speed', async () => {
    const { client, server } = setUpClient();
    record(client.connect(URL));
    for (const delayMs of [1_000, 2_000, 4_000, 8_000]) {
      server.expectOne(URL).open().message('status', statusData(), '1').drop();
      await server.advance(delayMs - 1);
      server.expectNone(URL);
      await server.advance(1);
      expect(server.openConnections).toBe(1);
    }
  });

  it('starts the schedule again after ten stable seconds, and not before', async () => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL);
    record(connection);
    server.expectOne(URL).open().drop();
    await server.advance(1_000);
    const second = server.expectOne(URL).open();
    await server.advance(9_999);
    expect(connection.attempt()).toBe(1);
    second.drop();
    await server.advance(2_000);
    const third = server.expectOne(URL).open();
    await server.advance(10_000);
    expect(connection.attempt()).toBe(0);
    third.drop();
    await server.advance(1_000);
    server.expectOne(URL);
  });

  it('backs off from a server that only ever plans to close', async () => {
    const { client, server } = setUpClient();
    record(client.connect(URL));
    const waitedMs: number[] = [];
    for (let i = 0; i < 5; i += 1) {
      server.expectOne(URL).open().close('drain', 0);
      const fromMs = server.clock.now();
      while (server.openConnections === 0) await server.advance(100);
      waitedMs.push(server.clock.now() - fromMs);
    }
    expect(waitedMs).toEqual([100, 1_000, 2_000, 4_000, 8_000]);
  });
});

describe('client trap 5: restarts by the watchdog that do not count', () => {
  it('reaches polling where every connection falls silent', async () => {
    const { client, server } = setUpClient(withPollingFallback());
    const connection = client.connect(URL);
    record(connection);
    for (let i = 0; i < 3; i += 1) {
      server.expectOne(URL).open({ heartbeatIntervalMs: 1_000 });
      await server.advance(2_500);
      await server.advance(2_000 * (i + 1));
    }
    expect(connection.state()).toBe('polling');
  });

  it('reaches polling where no first byte ever comes', async () => {
    const { client, server } = setUpClient(withPollingFallback());
    const connection = client.connect(URL);
    record(connection);
    for (let i = 0; i < 3; i += 1) {
      server.expectOne(URL).accept();
      await server.advance(10_000);
      await server.advance(2_000 * (i + 1));
    }
    expect(connection.state()).toBe('polling');
  });

  it('does not count a connection that lived and then fell silent as blocked', async () => {
    const { client, server } = setUpClient(withPollingFallback({ afterFailures: 2 }));
    const connection = client.connect(URL);
    record(connection);
    for (let i = 0; i < 3; i += 1) {
      const stream = server.expectOne(URL).open({ heartbeatIntervalMs: 10_000 });
      await server.advance(10_000);
      stream.heartbeat();
      await server.advance(26_000);
    }
    expect(connection.state()).not.toBe('polling');
  });
});

describe('client trap 3: a comment as the heartbeat', () => {
  it('lives on heartbeats that are events, and dies without them at 2.5 times their interval', async () => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL);
    record(connection);
    const stream = server.expectOne(URL).open({ heartbeatIntervalMs: 10_000 });
    for (let i = 0; i < 6; i += 1) {
      await server.advance(10_000);
      stream.heartbeat();
    }
    expect(connection.state()).toBe('open');
    await server.advance(24_999);
    expect(connection.state()).toBe('open');
    await server.advance(1);
    expect(stream.isClosed).toBe(true);
    expect(connection.error()?.code).toBe('silent');
  });

  it('does not flap where the server announces no heartbeat, as one that sends comments', async () => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL);
    record(connection);
    server.expectOne(URL).accept().message('status', statusData(), '1');
    await server.advance(3_600_000);
    expect(connection.state()).toBe('open');
    expect(connection.attempt()).toBe(0);
  });

  it('counts a first byte that does not come in ten seconds as a failure', async () => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL);
    record(connection);
    const stream = server.expectOne(URL).accept();
    await server.advance(9_999);
    expect(connection.attempt()).toBe(0);
    expect(connection.isConnected()).toBe(false);
    await server.advance(1);
    expect(connection.error()?.code).toBe('no_first_byte');
    expect(stream.isClosed).toBe(true);
  });

  it('waits for a first byte without end where it is told that servers may say nothing', async () => {
    const { client, server } = setUpClient(withLiveness({ firstByteTimeoutMs: Infinity }));
    const connection = client.connect(URL);
    record(connection);
    server.expectOne(URL).accept();
    expect(connection.state()).toBe('open');
    await server.advance(3_600_000);
    expect(connection.state()).toBe('open');
  });
});

describe('client trap 10: trust in navigator.onLine and readyState', () => {
  it('finds a dead socket that says OPEN when a device wakes, whatever navigator.onLine says', async () => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL);
    record(connection);
    const stream = server.expectOne(URL).open({ heartbeatIntervalMs: 15_000 });
    server.clock.sleep(600_000);
    expect(navigator.onLine).toBe(true);
    document.dispatchEvent(new Event('visibilitychange'));
    expect(stream.isClosed).toBe(true);
    await server.advance(1_000);
    server.expectOne(URL).open();
    expect(connection.state()).toBe('open');
  });

  it('goes on trying while the browser says offline, and keeps a connection that is alive', async () => {
    Object.defineProperty(navigator, 'onLine', { value: false, configurable: true });
    try {
      const { client, server } = setUpClient();
      const connection = client.connect(URL);
      record(connection);
      server.expectOne(URL).drop();
      expect(connection.state()).toBe('offline');
      await server.advance(1_000);
      const stream = server.expectOne(URL).open();
      window.dispatchEvent(new Event('offline'));
      expect(stream.isClosed).toBe(false);
      expect(connection.state()).toBe('open');
    } finally {
      Reflect.deleteProperty(navigator, 'onLine');
    }
  });

  it('is not fooled by a wall clock that was set back', async () => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL);
    record(connection);
    server.expectOne(URL).open({ heartbeatIntervalMs: 10_000 });
    server.clock.sleep(-3_600_000);
    window.dispatchEvent(new Event('online'));
    await server.advance(25_000);
    expect(connection.error()?.code).toBe('silent');
  });
});
