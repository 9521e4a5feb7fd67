import { describe, expect, it } from '@jest/globals';
import { pageEvents, record, setUpClient, statusData, URL } from './set-up-client';

describe('sharing', () => {
  it('uses one connection for all who read the same URL, and closes it with the last', async () => {
    const { client, server } = setUpClient();
    const [first, second] = [client.connect(URL), client.connect(URL)];
    const gotFirst = record(first);
    const gotSecond = record(second);
    const stream = server.expectOne(URL).open().message('status', statusData(), '1');
    expect([gotFirst.ids, gotSecond.ids]).toEqual([['1'], ['1']]);
    expect([first.state(), second.state()]).toEqual(['open', 'open']);
    first.close();
    expect(stream.isClosed).toBe(false);
    stream.message('status', statusData(), '2');
    expect(gotFirst.ids).toEqual(['1']);
    expect(gotFirst.end).toBe('complete');
    expect(gotSecond.ids).toEqual(['1', '2']);
    second.close();
    expect(stream.isClosed).toBe(true);
    await server.advance(60_000);
    server.verifyNothingLeft();
  });

  it('gives those who come later everything from their own place on, in order', async () => {
    const { client, server } = setUpClient();
    record(client.connect(URL));
    const stream = server.expectOne(URL).open();
    for (const id of ['1', '2', '3']) stream.message('status', statusData(), id);
    const late = client.connect(URL);
    const gotLate = record(late);
    const afterTwo = record(client.connect(URL, { lastEventId: '2' }));
    const afterThree = record(client.connect(URL, { lastEventId: '3' }));
    stream.message('status', statusData(), '4');
    await server.advance(0);
    stream.message('status', statusData(), '5');
    expect(gotLate.ids).toEqual(['1', '2', '3', '4', '5']);
    expect(afterTwo.ids).toEqual(['3', '4', '5']);
    expect(afterThree.ids).toEqual(['4', '5']);
    server.verify();
  });

  it('gives it to everyone who subscribes in the same turn', async () => {
    const { client, server } = setUpClient();
    record(client.connect(URL));
    server.expectOne(URL).open().message('status', statusData(), '1');
    const late = client.connect(URL);
    const one = record(late);
    const other = record(late);
    await server.advance(0);
    expect([one.ids, other.ids]).toEqual([['1'], ['1']]);
  });

  it('delivers all to those who come late before the stream ends', async () => {
    const { client, server } = setUpClient();
    record(client.connect(URL));
    const stream = server.expectOne(URL).open().message('status', statusData(), '1');
    const late = record(client.connect(URL));
    stream.close('complete');
    expect(late.ids).toEqual(['1']);
    expect(late.end).toBe('complete');
  });

  it('opens another connection rather than leave something out', async () => {
    const { client, server } = setUpClient();
    record(client.connect(URL, { onGap: () => undefined }));
    const stream = server.expectOne(URL).open();
    stream.control('stream.gap', { reason: 'trimmed', from: '', to: '9', snapshot: '/s' });
    await server.advance(0);
    stream.message('status', statusData(), '10');
    record(client.connect(URL, { onGap: () => undefined }));
    expect(server.expectOne(URL).url).toBe(URL);
    const afterTheGap = record(client.connect(URL, { lastEventId: '9' }));
    await server.advance(0);
    expect(afterTheGap.ids).toEqual(['10']);
    expect(server.openConnections).toBe(2);
    server.verify();
  });

  it('keeps 5,000 messages for those who come later, and no more', async () => {
    const { client, server } = setUpClient();
    record(client.connect(URL));
    const stream = server.expectOne(URL).open();
    for (let id = 1; id <= 5_000; id += 1) stream.message('status', statusData(), String(id));
    const late = record(client.connect(URL));
    stream.message('status', statusData(), '5001');
    expect(late.ids).toHaveLength(5_001);
    expect(new Set(late.ids).size).toBe(5_001);
    record(client.connect(URL));
    server.expectOne(URL);
  });

  it('is not done where different events are wanted', () => {
    const { client, server } = setUpClient();
    record(client.connect(URL));
    record(client.connect(URL, { events: ['status'] }));
    expect(server.match(URL)).toHaveLength(2);
  });

  it('makes every reader fetch the snapshot of a gap before anyone goes on', async () => {
    const { client, server } = setUpClient();
    const settle: (() => void)[] = [];
    const onGap = () => new Promise<void>((resolve) => settle.push(resolve));
    const first = record(client.connect(URL, { onGap }));
    const second = record(client.connect(URL, { onGap }));
    const without = record(client.connect(URL));
    const stream = server.expectOne(URL).open();
    stream.control('stream.gap', { reason: 'trimmed', from: '', to: '9', snapshot: '/s' });
    stream.message('status', statusData(), '10');
    settle[0]?.();
    await server.advance(0);
    expect(first.ids).toEqual([]);
    settle[1]?.();
    await server.advance(0);
    expect([first.ids, second.ids, without.ids]).toEqual([['10'], ['10'], []]);
    expect(without.end).toBe('gap_unhandled');
  });

  it('survives a reader that closes while another one is being told', () => {
    const { client, server } = setUpClient();
    const second = client.connect(URL);
    client.connect(URL).messages.subscribe(() => second.close());
    const got = record(second);
    server.expectOne(URL).open().message('status', statusData(), '1').message('status', statusData(), '2');
    expect(got.ids).toEqual([]);
  });

  it('closes everything on signing out', async () => {
    const { client, server } = setUpClient();
    const connections = [client.connect(URL), client.connect('/other')];
    const records = connections.map(record);
    server.expectOne(URL).open();
    server.expectOne('/other').fail();
    server.expectPage('/other');
    client.closeAll();
    expect(records.map((each) => each.end)).toEqual(['complete', 'complete']);
    expect(connections.map((each) => each.state())).toEqual(['closed', 'closed']);
    await server.advance(60_000);
    server.verify();
    server.verifyNothingLeft();
  });

  it('shares a page that explains a refusal, too', async () => {
    const { client, server } = setUpClient();
    const [one, other] = [record(client.connect(URL)), record(client.connect(URL))];
    server.expectOne(URL).fail();
    await server.expectPage(URL).respond({ events: pageEvents(1), status: 'cancelled' });
    expect([one.ids, other.ids]).toEqual([['1'], ['1']]);
    expect([one.end, other.end]).toEqual(['complete', 'complete']);
  });
});
