import { describe, expect, it } from '@jest/globals';
import { TestBed } from '@angular/core/testing';
import { provideSse, SSE_EVENT_SOURCE, SseClient, withPollingFallback, withTransport } from '../index';
import { provideSseTesting, SseTestingController } from '../testing/index';
import { pageEvents, record, setUpClient, statusData, URL, type TestClient } from './set-up-client';

/** Three connections from which nothing comes. */
async function failBlindly(server: TestClient['server']): Promise<void> {
  for (const delayMs of [1_000, 2_000, 0]) {
    server.expectOne(URL).accept().drop();
    await server.advance(delayMs);
  }
}

describe('falling back to polling', () => {
  it('begins after three failures in a row without a byte', async () => {
    const { client, server } = setUpClient(withPollingFallback());
    const connection = client.connect(URL, { lastEventId: '2' });
    const got = record(connection);
    await failBlindly(server);
    expect(connection.state()).toBe('polling');
    const page = server.expectPage(URL);
    expect(page.url).toBe(`${URL}?after=2&limit=500`);
    await page.respond({ events: pageEvents(3, 4) });
    expect(got.ids).toEqual(['3', '4']);
    expect(connection.error()).toBeUndefined();
    expect(server.openConnections).toBe(0);
  });

  it('does not begin where bytes came in between', async () => {
    const { client, server } = setUpClient(withPollingFallback());
    const connection = client.connect(URL);
    record(connection);
    for (const delayMs of [1_000, 2_000]) {
      server.expectOne(URL).drop();
      await server.advance(delayMs);
    }
    server.expectOne(URL).open().drop();
    await server.advance(4_000);
    server.expectOne(URL).drop();
    expect(connection.state()).toBe('reconnecting');
  });

  it('does not begin without the feature, nor where only the stream is wanted', async () => {
    for (const features of [[], [withPollingFallback(), withTransport('sse')]]) {
      TestBed.resetTestingModule();
      const { client, server } = setUpClient(...features);
      const connection = client.connect(URL);
      record(connection);
      await failBlindly(server);
      expect(connection.state()).toBe('reconnecting');
    }
  });

  it('does not take being offline for streams being blocked', async () => {
    const { client, server } = setUpClient(withPollingFallback());
    const connection = client.connect(URL);
    record(connection);
    Object.defineProperty(navigator, 'onLine', { value: false, configurable: true });
    try {
      await failBlindly(server);
      expect(connection.state()).toBe('offline');
    } finally {
      Object.defineProperty(navigator, 'onLine', { value: true, configurable: true });
    }
  });

  it('begins at once where there are no event streams', async () => {
    TestBed.configureTestingModule({
      providers: [
        provideSse(withPollingFallback()),
        provideSseTesting(),
        { provide: SSE_EVENT_SOURCE, useValue: undefined },
      ],
    });
    const connection = TestBed.inject(SseClient).connect(URL);
    record(connection);
    const page = TestBed.inject(SseTestingController).expectPage(URL);
    expect(connection.state()).toBe('connecting');
    await page.respond();
    expect(connection.state()).toBe('polling');
  });

  it('fails where there are neither event streams nor the fallback', () => {
    TestBed.configureTestingModule({
      providers: [provideSseTesting(), { provide: SSE_EVENT_SOURCE, useValue: undefined }],
    });
    const connection = TestBed.inject(SseClient).connect(URL);
    expect(record(connection).end).toBe('unsupported');
  });

  it('tries the stream again, rarely, and returns to it without losing or repeating a message', async () => {
    const { client, server } = setUpClient(withPollingFallback({ retryStreamAfterMs: 25_000 }));
    const connection = client.connect(URL);
    const got = record(connection);
    await failBlindly(server);
    await server.expectPage(URL).respond({ events: pageEvents(1, 2) });
    await server.advance(10_000);
    await server.expectPage(URL).respond({ events: pageEvents(3) });
    await server.advance(10_000);
    const cut = server.expectPage(URL);
    await server.advance(5_000);
    expect(cut.isAborted).toBe(true);
    const trial = server.expectOne(URL);
    expect(trial.url).toBe(`${URL}?lastEventId=3`);
    expect(connection.state()).toBe('polling');
    trial.open().message('status', statusData(), '3').message('status', statusData(), '4');
    expect(connection.state()).toBe('open');
    await server.advance(10_000);
    server.verify();
    expect(got.ids).toEqual(['1', '2', '3', '4']);
  });

  it('goes on polling at once when the trial fails, and waits twice as long for the next', async () => {
    const { client, server } = setUpClient(withPollingFallback({ retryStreamAfterMs: 5_000 }));
    const connection = client.connect(URL);
    record(connection);
    await failBlindly(server);
    await server.expectPage(URL).respond();
    await server.advance(5_000);
    server.expectOne(URL).drop();
    await server.expectPage(URL).respond();
    expect(connection.state()).toBe('polling');
    await server.advance(9_999);
    server.expectNone(URL);
    await server.advance(1);
    server.expectOne(URL);
  });

  it('tries the stream when told to reconnect', async () => {
    const { client, server } = setUpClient(withPollingFallback());
    const connection = client.connect(URL);
    record(connection);
    await failBlindly(server);
    const page = server.expectPage(URL);
    connection.reconnect();
    expect(page.isAborted).toBe(true);
    server.expectOne(URL).open();
    expect(connection.state()).toBe('open');
  });

  it('is not left for a stream that has no place free', async () => {
    const { client, server } = setUpClient(withPollingFallback());
    const connection = client.connect(URL);
    record(connection);
    await failBlindly(server);
    server.expectPage(URL);
    connection.reconnect();
    server.expectOne(URL).close('limit', 5_000);
    expect(connection.state()).toBe('polling');
    server.expectPage(URL);
  });
});
