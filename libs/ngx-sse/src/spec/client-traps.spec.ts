import { HttpClient, provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { inject } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { describe, expect, it } from '@jest/globals';
import type { ErrorData } from '@throughline/sse-protocol';
import { map } from 'rxjs';
import {
  provideSse,
  SseClient,
  withCredentials,
  withLastEventIdParameter,
  withLiveness,
  withPollingFallback,
  withServiceWorkerBypass,
  withTicket,
  withTransport,
} from '../index';
import { provideSseTesting, SseTestingController } from '../testing/index';
import { record, setUpClient, statusData, URL } from './set-up-client';

describe('traps that other clients fell into', () => {
  it('leaves no second scheduler: the EventSource is closed on its first error', async () => {
    const { client, server } = setUpClient();
    record(client.connect(URL));
    const stream = server.expectOne(URL).open();
    stream.drop();
    expect(stream.isClosed).toBe(true);
    await server.advance(1_000);
    expect(server.openConnections).toBe(1);
  });

  it('keeps the last id over new EventSources, and takes none from messages that have none', async () => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL);
    const got = record(connection);
    const stream = server.expectOne(URL).open().message('status', statusData(), '5').heartbeat();
    stream.message('status', statusData()).drop();
    await server.advance(1_000);
    const second = server.expectOne(URL);
    expect(second.url).toBe(`${URL}?lastEventId=5`);
    second.open().heartbeat().drop();
    await server.advance(2_000);
    expect(server.expectOne(URL).url).toBe(`${URL}?lastEventId=5`);
    expect(got.ids).toEqual(['5', '5']);
  });

  it('does not take messages without an id for duplicates, as EventSource repeats the last id on them', () => {
    const { client, server } = setUpClient();
    const got = record(client.connect(URL));
    const stream = server.expectOne(URL).open().message('status', statusData(), '1');
    stream.message('progress', {}).message('progress', {}).message('status', statusData(), '2');
    expect(got.events).toEqual(['status', 'progress', 'progress', 'status']);
  });

  it('drops what a server sends again', async () => {
    const { client, server } = setUpClient();
    const got = record(client.connect(URL));
    const stream = server.expectOne(URL).open();
    for (const id of ['1', '2', '3']) stream.message('status', statusData(), id);
    stream.drop();
    await server.advance(1_000);
    const again = server.expectOne(URL).open();
    for (const id of ['2', '3', '4']) again.message('status', statusData(), id);
    expect(got.ids).toEqual(['1', '2', '3', '4']);
  });

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

  it('does not reset its backoff on open: accept-then-close is not repeated at full speed', async () => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL);
    record(connection);
    for (const delayMs of [1_000, 2_000, 4_000, 8_000]) {
      server.expectOne(URL).open().message('status', statusData(), '1').drop();
      await server.advance(delayMs - 1);
      server.expectNone(URL);
      await server.advance(1);
      expect(server.openConnections).toBe(1);
    }
  });

  it('counts restarts by the watchdog towards the fallback', async () => {
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

  it('calls nothing after unsubscribing or closing, and leaves no timer or listener', async () => {
    const { client, server } = setUpClient(withPollingFallback({ afterFailures: 1 }));
    const closings = [
      () => server.expectOne(URL).open(),
      () => server.expectOne(URL).open().drop(),
      () => server.expectOne(URL).fail(),
      () => server.expectOne(URL).accept().drop(),
    ];
    for (const happen of closings) {
      const connection = client.connect(URL);
      const got = record(connection);
      happen();
      connection.close();
      await server.advance(3_600_000);
      expect(got.ids).toEqual([]);
      server.verify();
      server.verifyNothingLeft();
    }
  });

  it('does not use HttpClient for the stream, which would hold a pending task', () => {
    TestBed.configureTestingModule({
      providers: [provideSse(), provideSseTesting(), provideHttpClient(), provideHttpClientTesting()],
    });
    record(TestBed.inject(SseClient).connect(URL));
    expect(TestBed.inject(HttpTestingController).match(() => true)).toEqual([]);
    expect(TestBed.inject(SseTestingController).openConnections).toBe(1);
  });

  it('delivers bursts in full: messages are an Observable, not a signal', () => {
    const { client, server } = setUpClient();
    const got = record(client.connect(URL));
    const stream = server.expectOne(URL).open();
    for (let id = 1; id <= 1_000; id += 1) stream.message('delta', {}, String(id));
    expect(got.ids).toHaveLength(1_000);
  });

  it('gets a fresh ticket for each attempt, through HttpClient', async () => {
    TestBed.configureTestingModule({
      providers: [
        provideSse(
          withTicket((url) =>
            inject(HttpClient)
              .post<{ ticket: string }>('/tickets', { url })
              .pipe(map(({ ticket }) => ticket)),
          ),
        ),
        provideSseTesting(),
        provideHttpClient(),
        provideHttpClientTesting(),
      ],
    });
    const http = TestBed.inject(HttpTestingController);
    const server = TestBed.inject(SseTestingController);
    const connection = TestBed.inject(SseClient).connect(URL);
    record(connection);
    for (const ticket of ['a', 'b']) {
      http.expectOne('/tickets').flush({ ticket });
      await server.advance(0);
      const stream = server.expectOne(URL);
      expect(stream.url).toContain(`ticket=${ticket}`);
      stream.open().drop();
      expect(JSON.stringify([String(connection.error()), connection.error()])).not.toContain('ticket=');
      await server.advance(2_000);
    }
    http.expectOne('/tickets').flush('busy', { status: 503, statusText: 'busy' });
    await server.advance(0);
    expect(connection.error()?.code).toBe('ticket_failed');
    await server.advance(4_000);
    http.expectOne('/tickets').flush('who?', { status: 401, statusText: 'who?' });
    await server.advance(0);
    expect(connection.state()).toBe('failed');
    expect(connection.error()?.code).toBe('unauthorized');
  });

  it('gets a ticket for pages, too', async () => {
    const { client, server } = setUpClient(
      withTransport('polling'),
      withTicket(() => Promise.resolve('t'), 'pass'),
    );
    record(client.connect(`${URL}?view=all#part`));
    await server.advance(0);
    expect(server.expectPage(/pass=t/).url).toBe(`${URL}?view=all&limit=500&pass=t`);
  });

  it('does not connect when it is closed before the ticket comes', async () => {
    const { client, server } = setUpClient(withTicket(() => Promise.resolve('late')));
    const connection = client.connect(URL);
    record(connection);
    connection.close();
    await server.advance(60_000);
    expect(server.match(() => true)).toEqual([]);
    server.verifyNothingLeft();
  });

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

  it('does not retry bad data', async () => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL, { validate: () => false });
    const invalid: unknown[] = [];
    connection.invalid.subscribe((each) => invalid.push(each));
    const stream = server.expectOne(URL).open().message('status', {}, '1').raw('status', '{', '2');
    stream.control('stream.gap', { to: 3 }).raw('stream.open', '{');
    await server.advance(5_000);
    expect(invalid).toHaveLength(2);
    expect(connection.state()).toBe('open');
    expect(connection.lastEventId()).toBe('2');
  });

  it("tells the server's error messages from EventSource's own error event", () => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL);
    const errors: ErrorData[] = [];
    connection.on('error').subscribe((data) => errors.push(data));
    const data = { ...statusData(), error: { code: 'x', message: 'y', retryable: true }, fatal: false };
    const stream = server.expectOne(URL).open().message('error', data, '1');
    expect(errors).toEqual([data]);
    expect(stream.isClosed).toBe(false);
    expect(connection.error()).toBeUndefined();
    stream.drop();
    expect(errors).toHaveLength(1);
    expect(connection.error()?.code).toBe('connection_lost');
  });

  it('ignores events that it does not know', () => {
    const { client, server } = setUpClient();
    const got = record(client.connect(URL));
    server.expectOne(URL).open().message('later', {}, '1').control('stream.later');
    expect(got.ids).toEqual([]);
  });
});

describe('what is asked of the server', () => {
  it('sends credentials, names the cursor and passes the service worker by as told', async () => {
    const { client, server } = setUpClient(
      withCredentials(),
      withLastEventIdParameter('from'),
      withServiceWorkerBypass(),
    );
    record(client.connect(`${URL}?view=all`, { lastEventId: 'epoch-7' }));
    const stream = server.expectOne(/./);
    expect(stream.url).toBe(`${URL}?view=all&ngsw-bypass=true&from=epoch-7`);
    expect(stream.withCredentials).toBe(true);
    stream.fail();
    expect(server.expectPage(/./).init.credentials).toBe('include');
  });
});
