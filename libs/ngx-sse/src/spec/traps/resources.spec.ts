import { HttpClient, provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { ApplicationRef, inject } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { map } from 'rxjs';
import {
  provideSse,
  SseClient,
  withCredentials,
  withLastEventIdParameter,
  withPollingFallback,
  withServiceWorkerBypass,
  withTicket,
  withTransport,
  type SseFeature,
} from '../../index';
import { provideSseTesting, SseTestingController } from '../../testing/index';
import { record, setUpClient, statusData, URL } from '../set-up-client';

function setUpWithHttp(...features: SseFeature[]) {
  TestBed.configureTestingModule({
    providers: [provideSse(...features), provideSseTesting(), provideHttpClient(), provideHttpClientTesting()],
  });
  const [client, server] = [TestBed.inject(SseClient), TestBed.inject(SseTestingController)];
  return { client, server, http: TestBed.inject(HttpTestingController) };
}

describe('client trap 6: late callbacks, and what is left behind', () => {
  afterEach(() => void jest.restoreAllMocks());

  it('calls nothing after closing, and leaves no timer or listener, whatever was under way', async () => {
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

  it('delivers nothing to those who unsubscribed, not even the rest of a burst', () => {
    const { client, server } = setUpClient();
    const ids: string[] = [];
    const subscription = client.connect(URL).messages.subscribe(({ id }) => {
      ids.push(id);
      subscription.unsubscribe();
    });
    server.expectOne(URL).open().message('status', statusData(), '1').message('status', statusData(), '2');
    expect(ids).toEqual(['1']);
  });

  it('takes its listeners off the page with the last connection', () => {
    const listeners = new Set<string>();
    for (const [name, target] of Object.entries({ window, document })) {
      jest.spyOn(target, 'addEventListener').mockImplementation((type) => void listeners.add(`${name} ${type}`));
      jest.spyOn(target, 'removeEventListener').mockImplementation((type) => void listeners.delete(`${name} ${type}`));
    }
    const { client } = setUpClient();
    const connection = client.connect(URL);
    record(connection);
    expect([...listeners]).toEqual(expect.arrayContaining(['window online', 'document visibilitychange']));
    connection.close();
    expect([...listeners]).toEqual([]);
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
});

describe('client trap 7: HttpClient as the transport', () => {
  it('uses another one, which holds no pending task', () => {
    const { client, server, http } = setUpWithHttp();
    record(client.connect(URL));
    server.expectOne(URL).open().message('status', statusData(), '1');
    expect(http.match(() => true)).toEqual([]);
    let isStable = false;
    TestBed.inject(ApplicationRef).isStable.subscribe((now) => (isStable = now));
    expect(isStable).toBe(true);
  });
});

describe('client trap 9: a static ticket in the URL', () => {
  it('gets a fresh one for each attempt, through HttpClient', async () => {
    const fromHttp = withTicket((url) =>
      inject(HttpClient)
        .post<{ ticket: string }>('/tickets', { url })
        .pipe(map((body) => body.ticket)),
    );
    const { client, server, http } = setUpWithHttp(fromHttp);
    const connection = client.connect(URL);
    record(connection);
    for (const ticket of ['a', 'b']) {
      http.expectOne('/tickets').flush({ ticket });
      await server.advance(0);
      const stream = server.expectOne(URL);
      expect(stream.url).toContain(`ticket=${ticket}`);
      stream.open().drop();
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

  it('gets one for pages, too', async () => {
    const { client, server } = setUpClient(
      withTransport('polling'),
      withTicket(() => Promise.resolve('t'), 'pass'),
    );
    record(client.connect(`${URL}?view=all#part`));
    await server.advance(0);
    expect(server.expectPage(/pass=t/).url).toBe(`${URL}?view=all&limit=500&pass=t`);
  });

  it('does not wait for one without end', async () => {
    let asked = 0;
    const never = () => new Promise<string>(() => (asked += 1));
    const { client, server } = setUpClient(withTicket(never));
    const connection = client.connect(URL);
    record(connection);
    await server.advance(60_000);
    expect(asked).toBeGreaterThan(1);
    expect(connection.error()?.code).toBe('no_first_byte'); // waiting for the ticket is part of waiting for the server
    connection.close();
    server.verifyNothingLeft();
  });
});

describe('what is asked of the server', () => {
  it('sends credentials, names the cursor and passes the service worker by as told', () => {
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
