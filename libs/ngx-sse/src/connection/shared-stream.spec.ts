import { describe, expect, it } from '@jest/globals';
import { record, setUpClient, statusData, URL } from '../spec/set-up-client';
import type { TestStream } from '../testing/index';

function sendUpTo(stream: TestStream, last: number, first = 1): void {
  for (let id = first; id <= last; id += 1) stream.message('status', statusData(), String(id));
}

describe('a stream that is shared', () => {
  it('gives a message once to who joins, after it, while it is being delivered', async () => {
    const { client, server } = setUpClient();
    let got: ReturnType<typeof record> | undefined;
    client.connect(URL).messages.subscribe(({ id }) => {
      if (id === '1') got = record(client.connect(URL, { lastEventId: '1' }));
    });
    sendUpTo(server.expectOne(URL).open(), 2);
    await server.advance(0);
    expect(got?.ids).toEqual(['2']);
    server.verify();
  });

  it('gives it once to who joins before it while it is being delivered', async () => {
    const { client, server } = setUpClient();
    let got: ReturnType<typeof record> | undefined;
    client.connect(URL).messages.subscribe(({ id }) => {
      if (id === '2') got = record(client.connect(URL, { lastEventId: '1' }));
    });
    sendUpTo(server.expectOne(URL).open(), 3);
    await server.advance(0);
    expect(got?.ids).toEqual(['2', '3']);
    server.verify();
  });

  it('keeps the last 5,000 messages of a long one, so that who was there a moment ago shares it', async () => {
    const { client, server } = setUpClient();
    record(client.connect(URL));
    const stream = server.expectOne(URL).open();
    sendUpTo(stream, 12_000);
    const afterTheOldest = record(client.connect(URL, { lastEventId: '7000' }));
    const afterTheNewest = record(client.connect(URL, { lastEventId: '12000' }));
    await server.advance(0);
    stream.message('status', statusData(), '12001');
    expect(afterTheOldest.ids).toHaveLength(5_001);
    expect([afterTheOldest.ids[0], afterTheOldest.ids.at(-1)]).toEqual(['7001', '12001']);
    expect(afterTheNewest.ids).toEqual(['12001']);
    server.verify();
    record(client.connect(URL, { lastEventId: '6999' }));
    expect(server.expectOne(URL).url).toContain('lastEventId=6999');
  });

  it('lets readers that it cannot serve share another one', () => {
    const { client, server } = setUpClient();
    record(client.connect(URL));
    sendUpTo(server.expectOne(URL).open(), 5_001);
    const second = record(client.connect(URL));
    const stream = server.expectOne(URL).open();
    const third = record(client.connect(URL));
    sendUpTo(stream, 2);
    expect([second.ids, third.ids]).toEqual([
      ['1', '2'],
      ['1', '2'],
    ]);
    expect(server.openConnections).toBe(2);
    server.verify();
  });

  it('goes on to share the other one when the first is closed', () => {
    const { client, server } = setUpClient();
    const first = client.connect(URL);
    record(first);
    sendUpTo(server.expectOne(URL).open(), 5_001);
    record(client.connect(URL));
    server.expectOne(URL).open();
    first.close();
    record(client.connect(URL));
    expect(server.openConnections).toBe(1);
    server.verify();
  });

  it('gives nobody the end of a stream without ids for all of it', async () => {
    const { client, server } = setUpClient();
    record(client.connect(URL));
    const stream = server.expectOne(URL).open();
    for (let i = 0; i <= 5_000; i += 1) stream.message('progress', {});
    const late = record(client.connect(URL));
    await server.advance(0);
    expect(late.ids).toEqual([]);
    server.expectOne(URL);
  });

  it('gives those who catch up everything when the oldest is dropped before they could', async () => {
    const { client, server } = setUpClient();
    record(client.connect(URL));
    const stream = server.expectOne(URL).open();
    sendUpTo(stream, 5_000);
    const late = record(client.connect(URL));
    sendUpTo(stream, 5_003, 5_001);
    await server.advance(0);
    expect(late.ids).toHaveLength(5_003);
    expect(late.ids.at(-1)).toBe('5003');
    server.verify();
  });
});
