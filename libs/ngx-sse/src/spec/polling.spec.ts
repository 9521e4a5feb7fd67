import { describe, expect, it } from '@jest/globals';
import { TestBed } from '@angular/core/testing';
import {
  provideSse,
  SSE_EVENT_SOURCE,
  SseClient,
  withPollingFallback,
  withTransport,
  type SseTransport,
} from '../index';
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

describe('polling', () => {
  it('asks every ten seconds, and at once while there is more', async () => {
    const { client, server } = setUpClient(withTransport('polling'));
    const connection = client.connect(URL);
    const got = record(connection);
    await server.expectPage(URL).respond({ events: pageEvents(1), more: true });
    const second = server.expectPage(URL);
    expect(second.url).toContain('after=1');
    await second.respond({ events: pageEvents(2), status: 'running' });
    await server.advance(9_999);
    server.verify();
    await server.advance(1);
    server.expectPage(URL);
    expect(got.ids).toEqual(['1', '2']);
    server.expectNone(URL);
  });

  it('ends when the status is final and there is no more', async () => {
    const { client, server } = setUpClient(withTransport('polling'));
    const connection = client.connect(URL);
    const got = record(connection);
    await server.expectPage(URL).respond({ events: pageEvents(1), more: true, status: 'failed' });
    expect(got.end).toBeUndefined();
    await server.expectPage(URL).respond({ events: pageEvents(2), status: 'failed' });
    expect(got.end).toBe('complete');
    expect(got.ids).toEqual(['1', '2']);
    expect(connection.state()).toBe('closed');
    server.verifyNothingLeft();
  });

  it('survives errors with backoff, and says so', async () => {
    const { client, server } = setUpClient(withTransport('polling'));
    const connection = client.connect(URL);
    record(connection);
    await server.expectPage(URL).drop();
    expect(connection.error()?.code).toBe('connection_lost');
    expect(connection.attempt()).toBe(1);
    await server.advance(1_000);
    await server.expectPage(URL).respondWith(500);
    expect(connection.error()?.code).toBe('refused');
    await server.advance(2_000);
    await server.expectPage(URL).respond();
    expect(connection.error()).toBeUndefined();
    expect(connection.attempt()).toBe(0);
    expect(connection.state()).toBe('polling');
  });

  it('waits as long as Retry-After says', async () => {
    const { client, server } = setUpClient(withTransport('polling'));
    record(client.connect(URL));
    await server.expectPage(URL).respondWith(429, {}, { 'Retry-After': '20' });
    await server.advance(19_999);
    expect(server.matchPages(URL)).toHaveLength(0);
    await server.advance(1);
    expect(server.matchPages(URL)).toHaveLength(1);
  });

  it.each([401, 403, 404])('ends on status %i', async (status) => {
    const { client, server } = setUpClient(withTransport('polling'));
    const connection = client.connect(URL);
    record(connection);
    await server.expectPage(URL).respondWith(status);
    expect(connection.state()).toBe('failed');
    expect(connection.error()?.status).toBe(status);
    server.verifyNothingLeft();
  });

  it('does not ask at full speed where a server promises more and gives nothing', async () => {
    const { client, server } = setUpClient(withTransport('polling'));
    record(client.connect(URL));
    await server.expectPage(URL).respond({ more: true });
    expect(server.matchPages(URL)).toHaveLength(0);
    await server.advance(10_000);
    expect(server.matchPages(URL)).toHaveLength(1);
  });

  it('passes over events that nobody wants, and over those that came before', async () => {
    const { client, server } = setUpClient(withTransport('polling'));
    const connection = client.connect(URL);
    const got = record(connection);
    const strange = { event: 'strange', id: '2', data: {} };
    await server.expectPage(URL).respond({ events: [...pageEvents(1), strange, ...pageEvents(1)] });
    expect(got.ids).toEqual(['1']);
    await server.advance(10_000);
    await server.expectPage((url) => url.includes('after=1')).respond({ events: [strange] });
    await server.advance(10_000);
    expect(server.expectPage(URL).url).toContain('after=2');
  });

  it('gives up after five minutes without news, and goes on when told so', async () => {
    const { client, server } = setUpClient(withTransport('polling'));
    const connection = client.connect(URL);
    const got = record(connection);
    for (let i = 0; i < 30; i += 1) {
      await server.expectPage(URL).respond({ status: 'queued' });
      expect(connection.state()).toBe('polling');
      await server.advance(10_000);
    }
    await server.expectPage(URL).respond({ status: 'queued' });
    expect(got.end).toBe('gave_up');
    server.verifyNothingLeft();
    connection.reconnect();
    record(connection);
    server.expectPage(URL);
  });

  it('does not take the sleep of a laptop for five minutes without news', async () => {
    const { client, server } = setUpClient(withTransport('polling'));
    const connection = client.connect(URL);
    record(connection);
    await server.expectPage(URL).respond();
    server.clock.sleep(3_600_000);
    await server.advance(0);
    await server.expectPage(URL).respond();
    expect(connection.state()).toBe('polling');
  });

  it('is left when the configuration changes', async () => {
    let transport: SseTransport = 'polling';
    const { client, server } = setUpClient(withTransport(() => transport));
    const connection = client.connect(URL);
    record(connection);
    await server.expectPage(URL).respond({ events: pageEvents(1) });
    transport = 'sse';
    await server.advance(10_000);
    await server.expectPage(URL).respond();
    expect(server.expectOne(URL).url).toBe(`${URL}?lastEventId=1`);
    server.verify();
    expect(connection.state()).toBe('reconnecting');
  });
});
