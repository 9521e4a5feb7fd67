import { TestBed } from '@angular/core/testing';
import { describe, expect, it, jest } from '@jest/globals';
import { withFetchTransport, withLiveness, withPollingFallback } from '../index';
import { URL } from './testing/scripted-server';
import { setUp, setUpFetch } from './testing/set-up-connection';
import { describeTransport } from './testing/transport-contract';

describeTransport('fetch');

describe('what a fetch transport notices', () => {
  it('lives on comments, and dies without them', async () => {
    const { server, connection } = setUpFetch({}, withLiveness({ heartbeatIntervalMs: 10_000 }));
    const stream = server.expectOne(URL).accept();
    expect(connection.state()).toBe('connecting');
    stream.comment('hello');
    expect(connection.state()).toBe('open');
    for (let i = 0; i < 5; i += 1) {
      await server.advance(24_000);
      stream.comment();
    }
    expect(connection.state()).toBe('open');
    await server.advance(25_000);
    expect(connection.error()?.code).toBe('silent');
    expect(stream.isClosed).toBe(true);
  });

  it('counts bytes that make no message yet as signs of life, and not as an open stream', async () => {
    const { server, connection } = setUpFetch({}, withPollingFallback({ afterFailures: 1 }));
    const stream = server.expectOne(URL).accept().write('data: {');
    await server.advance(60_000);
    expect(connection.state()).toBe('connecting');
    stream.drop();
    expect(connection.state()).toBe('reconnecting');
  });

  it('takes `retry:` for the base of its delays, also after a stable connection', async () => {
    const { server, connection } = setUpFetch();
    const stream = server.expectOne(URL).open().retry(3_000);
    await server.advance(10_000);
    stream.drop();
    expect(connection.nextAttemptAt()?.getTime()).toBe(server.clock.now() + 3_000);
  });

  it('is not open for a moment when it is turned away by a `stream.close` in pieces', async () => {
    const { server, connection } = setUpFetch();
    const stream = server.expectOne(URL).accept().retry(2_000);
    stream.write('event: stream.close\n').write('data: {"reason":"limit","retryAfterMs":5000}\n');
    expect(connection.state()).toBe('connecting');
    stream.write('\n');
    expect(connection.error()?.code).toBe('refused');
    expect(connection.nextAttemptAt()?.getTime()).toBe(server.clock.now() + 5_000);
  });

  it('ends on a message that is larger than allowed, instead of asking for it again', () => {
    const { server, got, connection } = setUp({}, withFetchTransport({ maxMessageCharacters: 100 }));
    const stream = server.expectOne(URL).open().message('message', 'x'.repeat(50), '1');
    stream.write(`data: ${'x'.repeat(80)}`).write('x'.repeat(80));
    expect(got.ids).toEqual(['1']);
    expect(got.end).toBe('oversized');
    expect(connection.error()?.isPassing).toBe(false);
    server.verifyNothingLeft();
  });

  it('takes the orderly end of an answer for a loss, and for the end where that is meant', async () => {
    const lost = setUpFetch();
    lost.server.expectOne(URL).open().end();
    expect(lost.connection.error()?.code).toBe('connection_lost');
    TestBed.resetTestingModule();
    const over = setUpFetch({ request: { completesAtEnd: true } });
    over.server.expectOne(URL).accept().message('message', 1, '1').drop();
    expect(over.connection.error()?.code).toBe('connection_lost');
    await over.server.advance(1_000);
    over.server.expectOne(URL).accept().end();
    expect(over.got.end).toBe('complete');
    over.server.verifyNothingLeft();
  });

  it('falls back to pages when streams do not get through', async () => {
    const { server, connection } = setUpFetch({ lastEventId: '2' }, withPollingFallback());
    for (const delayMs of [1_000, 2_000, 0]) {
      server.expectOne(URL).accept().drop();
      await server.advance(delayMs);
    }
    expect(connection.state()).toBe('polling');
    expect(server.expectPage(URL).url).toContain('after=2');
  });

  it('obeys nothing that comes behind the end in one chunk', () => {
    const { server, connection } = setUpFetch();
    const stream = server.expectOne(URL).open();
    stream.write('event: stream.close\ndata: {"reason":"slow"}\n\nretry: 20000\n\n');
    connection.reconnect();
    server.expectOne(URL).drop();
    // The second failure of a schedule that begins with a second.
    expect(connection.nextAttemptAt()?.getTime()).toBe(server.clock.now() + 2_000);
  });

  it('passes over the rest of a chunk when a subscriber closes at its first message', () => {
    const { server, connection, got } = setUpFetch();
    connection.messages.subscribe(() => connection.close());
    server.expectOne(URL).accept().write('id: 1\ndata: 1\n\nid: 2\ndata: 2\n\nretry: 5\n\n: x\n\n');
    expect(got.ids).toEqual(['1']);
    server.verifyNothingLeft();
  });
});

describe('a fast stream', () => {
  it('leaves the page its turn after some milliseconds, and goes on in order', async () => {
    const { server, connection, got } = setUpFetch();
    connection.messages.subscribe(() => server.clock.sleep(5)); // so long a message keeps the page busy
    const stream = server.expectOne(URL).open();
    for (const id of ['1', '2', '3', '4']) stream.message('message', {}, id);
    expect(got.ids).toEqual(['1', '2']);
    await server.advance(0);
    expect(got.ids).toEqual(['1', '2', '3', '4']);
    await server.advance(0);
    stream.message('message', {}, '5');
    connection.close();
    server.verifyNothingLeft();
  });

  it('is read in slices, so that one large piece is no exception', async () => {
    const { server, connection, got } = setUpFetch();
    connection.messages.subscribe(() => server.clock.sleep(10));
    const stream = server.expectOne(URL).open();
    const message = (id: number) => `id: ${id}\ndata: "${'x'.repeat(40_000)}"\n\n`;
    stream.write(message(1) + message(2) + message(3));
    expect(got.ids).toEqual(['1']);
    for (let i = 0; i < 3; i += 1) await server.advance(0);
    expect(got.ids).toEqual(['1', '2', '3']);
    expect(got.data[2]).toHaveLength(40_000);
  });

  it('does not pause in hidden pages, whose timers hardly ring', () => {
    const hidden = jest.spyOn(document, 'hidden', 'get').mockReturnValue(true);
    try {
      const { server, connection, got } = setUpFetch();
      connection.messages.subscribe(() => server.clock.sleep(50));
      const stream = server.expectOne(URL).open();
      for (const id of ['1', '2', '3']) stream.message('message', {}, id);
      expect(got.ids).toEqual(['1', '2', '3']);
    } finally {
      hidden.mockRestore();
    }
  });

  it('is not mistaken for a slow one, whose messages come one by one', async () => {
    const { server, connection, got } = setUpFetch();
    connection.messages.subscribe(() => server.clock.sleep(5));
    const stream = server.expectOne(URL).open();
    for (const id of ['1', '2', '3', '4']) {
      stream.message('message', {}, id);
      expect(got.ids).toContain(id);
      await server.advance(20);
    }
  });
});
