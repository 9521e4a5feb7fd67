import { signal } from '@angular/core';
import { describe, expect, it } from '@jest/globals';
import { setUp, URL, type Options } from './set-up-notes';

function thrownBy(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return error;
  }
}

describe('an error of sseResource', () => {
  it('is only what ends the stream; its value then throws, as of any resource', async () => {
    const { notes, server, next } = setUp();
    server.expectOne(URL).open().message('note', { text: 'a' }, '1').close('superseded');
    await next();
    expect([notes.status(), notes.hasValue(), notes.isLoading()]).toEqual(['error', false, false]);
    expect(notes.error()).toMatchObject({ name: 'SseError', code: 'superseded' });
    expect(notes.snapshot()).toEqual({ status: 'error', error: notes.error() });
    expect(thrownBy(() => notes.value())).toMatchObject({ cause: notes.error() });
  });

  it('is mended by connection.reconnect(), from where it stood', async () => {
    const { notes, server, folded, next } = setUp();
    server.expectOne(URL).open().message('note', { text: 'a' }, '1').close('superseded');
    await next();
    notes.connection.reconnect();
    await next();
    expect(notes.snapshot()).toEqual({ status: 'reloading', value: ['a'] });
    const again = server.expectOne(URL);
    expect(again.url).toBe(`${URL}?lastEventId=1`);
    again.open().message('note', { text: 'b' }, '2');
    await next();
    expect(notes.snapshot()).toEqual({ status: 'resolved', value: ['a', 'b'] });
    expect(folded).toEqual(['1', '2']);
  });

  it('is mended by connection.reconnect() also if the stream is open before anybody has looked', async () => {
    const { notes, server, next } = setUp();
    server.expectOne(URL).fail(404);
    await server.advance(0);
    await next();
    expect(notes.status()).toBe('error');
    notes.connection.reconnect();
    server.expectOne(URL).open();
    await next();
    expect(notes.snapshot()).toEqual({ status: 'resolved', value: [] });
  });

  it('of the URL function ends what there was', async () => {
    const id = signal(1);
    const url = () => {
      if (id() === 0) throw 'no id';
      return `/notes/${id()}`;
    };
    const { notes, server, next } = setUp({ url });
    const stream = server.expectOne(URL).open().message('note', { text: 'a' }, '1');
    await next();
    id.set(0);
    await next();
    await next();
    expect(stream.isClosed).toBe(true);
    expect([notes.status(), notes.error()?.message]).toEqual(['error', 'no id']);
    server.verifyNothingLeft();
  });

  it('of the URL function is the error of the resource, until what it reads changes', async () => {
    const id = signal(0);
    const url = () => {
      if (id() === 0) throw new Error('no id');
      return `/notes/${id()}`;
    };
    const { notes, server, next, reported } = setUp({ url });
    expect([notes.status(), notes.error()?.message]).toEqual(['error', 'no id']);
    expect(notes.reload()).toBe(false);
    await next();
    expect(notes.status()).toBe('error');
    id.set(1);
    expect(notes.status()).toBe('loading');
    await next();
    server.expectOne(URL).open();
    expect(reported).toEqual([]);
  });

  it('of the reducer is reported, and costs only the message that caused it', async () => {
    const reducer: Options['reducer'] = (list, message) => {
      if (message.event !== 'note') throw new Error('not ready for that');
      return [...list, message.data.text];
    };
    const { notes, server, reported, next } = setUp({ reducer });
    const stream = server.expectOne(URL).open();
    stream.message('note', { text: 'a' }, '1').message('cleared', {}, '2').message('note', { text: 'b' }, '3');
    await next();
    expect(notes.snapshot()).toEqual({ status: 'resolved', value: ['a', 'b'] });
    expect(reported).toEqual([
      expect.objectContaining({
        message: 'The reducer failed on message 2 (cleared).',
        cause: expect.objectContaining({ message: 'not ready for that' }) as unknown,
      }),
    ]);
  });

  it('is none for invalid messages, which the reducer never sees', async () => {
    const { notes, server, next } = setUp({
      validate: (message) => message.event === 'cleared' || 'text' in (message.data as object),
    });
    const invalid: string[] = [];
    notes.connection.invalid.subscribe((message) => invalid.push(message.id));
    server.expectOne(URL).open().message('note', {}, '1').raw('note', '{', '2').message('note', { text: 'c' }, '3');
    await next();
    expect([notes.value(), invalid]).toEqual([['c'], ['1', '2']]);
  });
});
