import { describe, expect, it } from '@jest/globals';
import { record, setUpClient, statusData, URL } from './set-up-client';

describe('an answer that is no stream', () => {
  it.each([
    [204, 'complete', 'closed'],
    [400, 'bad_request', 'failed'],
    [401, 'unauthorized', 'failed'],
    [403, 'forbidden', 'failed'],
    [404, 'not_found', 'failed'],
    [410, 'not_found', 'failed'],
  ])('ends the connection on status %i', async (status, end, state) => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL);
    const got = record(connection);
    server.expectOne(URL).fail(status);
    await server.advance(0);
    expect(got.end).toBe(end);
    expect(connection.state()).toBe(state);
    server.verify();
    server.verifyNothingLeft();
  });

  it('is explained by one page, asked after the last id', async () => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL, { lastEventId: '3' });
    const got = record(connection);
    server.expectOne(URL).fail();
    const page = server.expectPage(URL);
    expect(page.url).toBe(`${URL}?after=3&limit=500`);
    expect(page.init.headers).toEqual({ accept: 'application/json' });
    await page.respond({ status: 'succeeded' });
    expect(got.end).toBe('complete');
  });

  it('delivers what the explaining page brings, and then tries again', async () => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL);
    const got = record(connection);
    server.expectOne(URL).fail();
    await server.expectPage(URL).respond({
      events: [{ event: 'status', id: '1', data: statusData() }],
      status: 'running',
    });
    expect(got.ids).toEqual(['1']);
    await server.advance(1_000);
    expect(server.expectOne(URL).url).toBe(`${URL}?lastEventId=1`);
  });

  it('is tried again later after 503, when the server says', async () => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL);
    record(connection);
    server.expectOne(URL).fail();
    await server.expectPage(URL).respondWith(503, {}, { 'Retry-After': '6' });
    expect(connection.error()?.status).toBe(503);
    expect(connection.nextAttemptAt()?.getTime()).toBe(server.clock.now() + 6_000);
  });

  it('is tried again where the explaining page cannot be read', async () => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL);
    record(connection);
    server.expectOne(URL).fail();
    await server.expectPage(URL).respondWith(200, { not: 'a page' });
    expect(connection.state()).toBe('reconnecting');
    await server.advance(1_000);
    server.expectOne(URL).fail();
    const html = server.expectPage(URL);
    await html.respondWith(200, 'sign in', { 'content-type': 'text/html' });
    expect(connection.state()).toBe('reconnecting');
    expect(connection.attempt()).toBe(2);
  });

  it('is not waited for longer than ten seconds', async () => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL);
    record(connection);
    server.expectOne(URL).fail();
    const page = server.expectPage(URL);
    await server.advance(10_000);
    expect(page.isAborted).toBe(true);
    expect(connection.attempt()).toBe(1);
  });

  it('leaves nothing behind when a subscriber closes in the middle of the explaining page', async () => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL);
    connection.messages.subscribe(() => connection.close());
    server.expectOne(URL).fail();
    await server.expectPage(URL).respond({ events: [{ event: 'status', id: '1', data: statusData() }] });
    await server.advance(60_000);
    expect(connection.state()).toBe('closed');
    server.verify();
    server.verifyNothingLeft();
  });
});
