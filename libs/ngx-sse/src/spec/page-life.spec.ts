import { afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { withPollingFallback } from '../index';
import { pageEvents, record, setUpClient, statusData, URL } from './set-up-client';

function setOnline(isOnline: boolean): void {
  Object.defineProperty(navigator, 'onLine', { value: isOnline, configurable: true });
  window.dispatchEvent(new Event(isOnline ? 'online' : 'offline'));
}

// The document of the test is shown, as any other, once it is loaded.
beforeAll(async () => {
  if (document.readyState === 'complete') return;
  await new Promise<void>((resolve) => window.addEventListener('pageshow', () => resolve(), { once: true }));
});

afterEach(() => {
  jest.restoreAllMocks();
  setOnline(true);
});

describe('the page and its network', () => {
  it('closes on pagehide, and resumes on pageshow', async () => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL);
    const got = record(connection);
    const stream = server.expectOne(URL).open().message('status', statusData(), '1');
    window.dispatchEvent(new Event('pagehide'));
    expect(stream.isClosed).toBe(true);
    expect(server.clock.pendingTimers).toBeLessThanOrEqual(1); // the frame that writes the last id
    await server.advance(60_000);
    connection.reconnect();
    server.expectNone(URL);
    window.dispatchEvent(new Event('pageshow'));
    const again = server.expectOne(URL);
    expect(again.url).toBe(`${URL}?lastEventId=1`);
    again.open().message('status', statusData(), '2');
    expect(got.ids).toEqual(['1', '2']);
  });

  it('resumes polling where it was polling', async () => {
    const { client, server } = setUpClient(withPollingFallback({ afterFailures: 1 }));
    record(client.connect(URL));
    server.expectOne(URL).drop();
    await server.expectPage(URL).respond({ events: pageEvents(1) });
    window.dispatchEvent(new Event('pagehide'));
    expect(server.clock.pendingTimers).toBeLessThanOrEqual(1);
    window.dispatchEvent(new Event('pageshow'));
    expect(server.expectPage(URL).url).toContain('after=1');
    server.expectNone(URL);
  });

  it('ignores a pageshow that follows no pagehide, as at every load', () => {
    const { client, server } = setUpClient();
    record(client.connect(URL));
    server.expectOne(URL).open();
    window.dispatchEvent(new Event('pageshow'));
    expect(server.openConnections).toBe(1);
    server.verify();
  });

  it('does not close a living connection because the browser says offline', async () => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL);
    const got = record(connection);
    const stream = server.expectOne(URL).open();
    setOnline(false);
    expect(connection.state()).toBe('open');
    stream.message('status', statusData(), '1');
    expect(got.ids).toEqual(['1']);
  });

  it('says offline while it waits, keeps trying all the same, and hurries when the network may be back', async () => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL);
    record(connection);
    setOnline(false);
    for (const delayMs of [1_000, 2_000, 4_000]) {
      server.expectOne(URL).drop();
      expect(connection.state()).toBe('offline');
      await server.advance(delayMs);
    }
    server.expectOne(URL).drop();
    setOnline(true);
    expect(connection.state()).toBe('reconnecting');
    expect(connection.nextAttemptAt()?.getTime()).toBe(server.clock.now() + 1_000);
    await server.advance(1_000);
    server.expectOne(URL).open();
  });

  it('hurries a page that waits after an error', async () => {
    const { client, server } = setUpClient(withPollingFallback({ afterFailures: 1 }));
    record(client.connect(URL));
    server.expectOne(URL).drop();
    for (const delayMs of [1_000, 2_000, 4_000]) {
      await server.expectPage(URL).drop();
      await server.advance(delayMs);
    }
    await server.expectPage(URL).drop();
    window.dispatchEvent(new Event('online'));
    await server.advance(1_000);
    expect(server.matchPages(URL)).toHaveLength(1);
  });

  it('does not delay an attempt that is due sooner', async () => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL);
    record(connection);
    server.expectOne(URL).open().drop();
    const dueAt = connection.nextAttemptAt()?.getTime();
    await server.advance(900);
    document.dispatchEvent(new Event('visibilitychange'));
    expect(connection.nextAttemptAt()?.getTime()).toBe(dueAt);
  });

  it('listens to nothing when no stream is left', () => {
    const { client } = setUpClient();
    const added = [jest.spyOn(window, 'addEventListener'), jest.spyOn(document, 'addEventListener')];
    const removed = [jest.spyOn(window, 'removeEventListener'), jest.spyOn(document, 'removeEventListener')];
    const connection = client.connect(URL);
    record(connection);
    const listeners = added.map((spy) => spy.mock.calls.map(([type, listener]) => [type, listener]));
    expect(listeners.map((each) => each.length)).toEqual([4, 3]);
    connection.close();
    expect(removed.map((spy) => spy.mock.calls.map(([type, listener]) => [type, listener]))).toEqual(listeners);
  });
});
