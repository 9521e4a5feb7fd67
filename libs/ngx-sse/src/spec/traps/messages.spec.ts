import { describe, expect, it } from '@jest/globals';
import type { ErrorData } from '@throughline/sse-protocol';
import { record, setUpClient, statusData, URL } from '../set-up-client';

describe('client trap 2: a last id that is lost or wrong', () => {
  it('keeps it over new EventSources, and takes none from messages that have none', async () => {
    const { client, server } = setUpClient();
    const got = record(client.connect(URL));
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

  it('does not go back to the id of a duplicate, which EventSource repeats on the next message without one', async () => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL);
    const got = record(connection);
    const stream = server.expectOne(URL).open();
    for (const id of ['1', '2', '1']) stream.message('status', statusData(), id);
    stream.message('progress', {});
    await server.advance(16);
    expect(got.ids).toEqual(['1', '2', '2']);
    expect(connection.lastEventId()).toBe('2');
    got.subscription.unsubscribe();
    await server.advance(0);
    record(connection);
    expect(server.expectOne(URL).url).toBe(`${URL}?lastEventId=2`);
  });
});

describe('client trap 8: a signal as the log of events', () => {
  it('delivers bursts in full', () => {
    const { client, server } = setUpClient();
    const got = record(client.connect(URL));
    const stream = server.expectOne(URL).open();
    for (let id = 1; id <= 1_000; id += 1) stream.message('delta', {}, String(id));
    expect(got.ids).toHaveLength(1_000);
  });
});

describe('client trap 12: retrying on bad data', () => {
  it('keeps the connection and goes on behind it', async () => {
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
    stream.drop();
    await server.advance(1_000);
    expect(server.expectOne(URL).url).toBe(`${URL}?lastEventId=2`);
  });
});

describe('messages that look like something else', () => {
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
