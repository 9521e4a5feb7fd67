import { describe, expect, it } from '@jest/globals';
import { withTransport, type SseTransport } from '../index';
import { pageEvents, record, setUpClient, URL } from './set-up-client';

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
