import { describe, expect, it } from '@jest/globals';
import type { Gap } from '@throughline/sse-protocol';
import { withTransport } from '../index';
import { pageEvents, record, setUpClient, statusData, URL } from './set-up-client';

const GAP: Gap = { reason: 'trimmed', from: '', to: '40', snapshot: '/api/runs/1' };

/** A snapshot that the test settles. */
function createSnapshot() {
  const asked: Gap[] = [];
  const settle: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const onGap = (gap: Gap) => {
    asked.push(gap);
    return new Promise<void>((resolve, reject) => settle.push({ resolve, reject }));
  };
  return { asked, settle, onGap };
}

describe('a gap', () => {
  it('holds what follows until the snapshot is there, and goes on from its end', async () => {
    const { client, server } = setUpClient();
    const { asked, settle, onGap } = createSnapshot();
    const connection = client.connect(URL, { onGap });
    const got = record(connection);
    const stream = server.expectOne(URL).open().control('stream.gap', GAP);
    stream.message('status', statusData(), '41').message('status', statusData(), '42');
    expect(asked[0]).toEqual(GAP);
    expect(got.ids).toEqual([]);
    settle[0]?.resolve();
    await server.advance(0);
    expect(got.ids).toEqual(['41', '42']);
    stream.message('status', statusData(), '43');
    expect(got.ids).toEqual(['41', '42', '43']);
  });

  it('moves the cursor even if nothing follows', async () => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL, { onGap: () => undefined });
    record(connection);
    const stream = server.expectOne(URL).open().control('stream.gap', GAP);
    await server.advance(16);
    expect(connection.lastEventId()).toBe('40');
    stream.drop();
    await server.advance(1_000);
    expect(server.expectOne(URL).url).toBe(`${URL}?lastEventId=40`);
  });

  it('lets ids come again that name other messages after a restored backup', async () => {
    const { client, server } = setUpClient();
    const got = record(client.connect(URL, { onGap: () => undefined }));
    const stream = server.expectOne(URL).open();
    for (const id of ['1', '2', '3']) stream.message('status', statusData(), id);
    stream.drop();
    await server.advance(1_000);
    const again = server.expectOne(URL).open();
    again.control('stream.gap', { ...GAP, reason: 'ahead', from: '3', to: '1' });
    await server.advance(0);
    again.message('status', statusData(), '2');
    expect(got.ids).toEqual(['1', '2', '3', '2']);
  });

  it('is bridged again on the next connection when the snapshot fails', async () => {
    const { client, server } = setUpClient();
    const { asked, settle, onGap } = createSnapshot();
    const connection = client.connect(URL, { onGap, lastEventId: '5' });
    const got = record(connection);
    const stream = server.expectOne(URL).open().control('stream.gap', GAP).message('status', statusData(), '41');
    settle[0]?.reject(new Error('no snapshot'));
    await server.advance(0);
    expect(connection.error()?.code).toBe('snapshot_failed');
    expect(stream.isClosed).toBe(true);
    await server.advance(1_000);
    const again = server.expectOne(URL);
    expect(again.url).toBe(`${URL}?lastEventId=5`);
    again.open().control('stream.gap', GAP).message('status', statusData(), '41');
    settle[1]?.resolve();
    await server.advance(0);
    expect(asked).toHaveLength(2);
    expect(got.ids).toEqual(['41']);
  });

  it('is bridged again when the connection breaks before the snapshot is there', async () => {
    const { client, server } = setUpClient();
    const { settle, onGap } = createSnapshot();
    const got = record(client.connect(URL, { onGap }));
    const stream = server.expectOne(URL).open().control('stream.gap', GAP).message('status', statusData(), '41');
    stream.drop();
    settle[0]?.resolve();
    await server.advance(1_000);
    expect(got.ids).toEqual([]);
    const again = server.expectOne(URL);
    expect(again.url).toBe(URL);
    again.open().control('stream.gap', GAP).message('status', statusData(), '41');
    settle[1]?.resolve();
    await server.advance(0);
    expect(got.ids).toEqual(['41']);
  });

  it('is bridged again, and its messages come once, when told to reconnect before the snapshot is there', async () => {
    const { client, server } = setUpClient();
    const { settle, onGap } = createSnapshot();
    const connection = client.connect(URL, { onGap });
    const got = record(connection);
    server.expectOne(URL).open().control('stream.gap', GAP).message('status', statusData(), '41');
    connection.reconnect();
    server.expectOne(URL).open().control('stream.gap', GAP).message('status', statusData(), '41');
    settle[0]?.resolve();
    await server.advance(0);
    expect(got.ids).toEqual([]);
    settle[1]?.resolve();
    await server.advance(0);
    expect(got.ids).toEqual(['41']);
  });

  it('does not move the place back when an older snapshot comes late', async () => {
    const { client, server } = setUpClient();
    const { settle, onGap } = createSnapshot();
    const connection = client.connect(URL, { onGap });
    const got = record(connection);
    server.expectOne(URL).open().control('stream.gap', GAP).drop();
    await server.advance(1_000);
    server
      .expectOne(URL)
      .open()
      .control('stream.gap', { ...GAP, to: '60' })
      .message('status', statusData(), '61');
    settle[1]?.resolve();
    await server.advance(16);
    settle[0]?.resolve();
    await server.advance(16);
    expect(connection.lastEventId()).toBe('61');
    expect(got.ids).toEqual(['61']);
    got.subscription.unsubscribe();
    await server.advance(0);
    record(connection);
    expect(server.expectOne(URL).url).toBe(`${URL}?lastEventId=61`);
  });

  it('lets the stream end only when what waits has been delivered', async () => {
    const { client, server } = setUpClient();
    const { settle, onGap } = createSnapshot();
    const got = record(client.connect(URL, { onGap }));
    const stream = server.expectOne(URL).open().control('stream.gap', GAP).message('status', statusData(), '41');
    stream.close('complete');
    await server.advance(0);
    expect(got.end).toBeUndefined();
    settle[0]?.resolve();
    await server.advance(0);
    expect(got.ids).toEqual(['41']);
    expect(got.end).toBe('complete');
    server.verifyNothingLeft();
  });

  it('may be followed by another', async () => {
    const { client, server } = setUpClient();
    const { settle, onGap } = createSnapshot();
    const got = record(client.connect(URL, { onGap }));
    const stream = server.expectOne(URL).open();
    stream.control('stream.gap', GAP).message('status', statusData(), '41');
    stream.control('stream.gap', { ...GAP, to: '60' }).message('status', statusData(), '61');
    settle[0]?.resolve();
    await server.advance(0);
    expect(got.ids).toEqual(['41']);
    settle[1]?.resolve();
    await server.advance(0);
    expect(got.ids).toEqual(['41', '61']);
  });

  it('stops delivering when a subscriber closes in the middle of what waited', async () => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL, { onGap: () => undefined });
    const ids: string[] = [];
    connection.messages.subscribe((message) => {
      ids.push(message.id);
      connection.close();
    });
    const stream = server.expectOne(URL).open().control('stream.gap', GAP);
    stream.message('status', statusData(), '41').message('status', statusData(), '42');
    await server.advance(0);
    expect(ids).toEqual(['41']);
    server.verifyNothingLeft();
  });

  it('comes in pages as well', async () => {
    const { client, server } = setUpClient(withTransport('polling'));
    const { settle, onGap } = createSnapshot();
    const got = record(client.connect(URL, { onGap }));
    await server.expectPage(URL).respond({ gap: GAP, events: pageEvents(41), cursor: '41' });
    expect(got.ids).toEqual([]);
    settle[0]?.reject(new Error('no snapshot'));
    await server.advance(1_000);
    await server.expectPage(URL).respond({ gap: GAP, events: pageEvents(41), cursor: '41' });
    settle[1]?.resolve();
    await server.advance(0);
    expect(got.ids).toEqual(['41']);
    await server.advance(10_000);
    expect(server.expectPage(URL).url).toContain('after=41');
  });

  it('ends the connection where nothing can make up for it, instead of skipping in silence', () => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL);
    const got = record(connection);
    server.expectOne(URL).open().control('stream.gap', GAP);
    expect(got.end).toBe('gap_unhandled');
    expect(connection.state()).toBe('failed');
    server.verifyNothingLeft();
  });
});
