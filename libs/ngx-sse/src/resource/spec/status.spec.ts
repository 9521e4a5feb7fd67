import type { Resource } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { describe, expect, it } from '@jest/globals';
import { sseResource, withTransport, type StandardSchema } from '../../index';
import { setUp, URL, type Notes } from './set-up-notes';

describe('sseResource', () => {
  it('has its default at once, loads until something has come, and then folds each message in order', async () => {
    const { notes, server, next } = setUp();
    expect([notes.status(), notes.value(), notes.isLoading()]).toEqual(['loading', [], true]);
    const stream = server.expectOne(URL).open();
    stream.message('note', { text: 'a' }, '1').message('note', { text: 'b' }, '2');
    expect(notes.value()).toEqual([]);
    await next();
    expect([notes.status(), notes.value(), notes.isLoading()]).toEqual(['resolved', ['a', 'b'], false]);
    stream.message('cleared', {}, '3').message('note', { text: 'c' }, '4');
    await next();
    expect(notes.snapshot()).toEqual({ status: 'resolved', value: ['c'] });
    expect(notes.hasValue()).toBe(true);
    expect(notes.connection.lastEventId()).toBe('4');
  });

  it('is resolved by an open stream that has nothing to say, together with what comes in the same frame', async () => {
    const { notes, server, next } = setUp();
    const stream = server.expectOne(URL).open();
    TestBed.tick();
    expect(notes.status()).toBe('loading');
    stream.message('note', { text: 'a' }, '1');
    await next();
    expect(notes.snapshot()).toEqual({ status: 'resolved', value: ['a'] });
    TestBed.resetTestingModule();
    const quiet = setUp();
    quiet.server.expectOne(URL).open();
    await quiet.next();
    expect(quiet.notes.snapshot()).toEqual({ status: 'resolved', value: [] });
  });

  it('is resolved by a page that is empty', async () => {
    const { notes, server, next } = setUp({}, withTransport('polling'));
    await next();
    await next();
    expect(notes.status()).toBe('loading');
    const page = server.expectPage(URL);
    await page.respondWith(503);
    await next();
    await next();
    expect([notes.status(), notes.connection.state()]).toEqual(['loading', 'polling']);
    await server.advance(10_000);
    await server.expectPage(URL).respond();
    await next();
    expect(notes.snapshot()).toEqual({ status: 'resolved', value: [] });
  });

  it('stays resolved while it reconnects, and goes on after the last message', async () => {
    const { notes, server, folded, next } = setUp();
    server.expectOne(URL).open().message('note', { text: 'a' }, '1').drop();
    await next();
    expect([notes.status(), notes.connection.state()]).toEqual(['resolved', 'reconnecting']);
    expect([notes.value(), notes.error()]).toEqual([['a'], undefined]);
    await server.advance(1_000);
    const again = server.expectOne(URL);
    expect(again.url).toBe(`${URL}?lastEventId=1`);
    again.open().message('note', { text: 'a' }, '1').message('note', { text: 'b' }, '2');
    await next();
    expect(notes.value()).toEqual(['a', 'b']);
    expect(folded).toEqual(['1', '2']);
  });

  it('keeps its value when the stream has ended', async () => {
    const { notes, server, next } = setUp();
    server.expectOne(URL).open().message('note', { text: 'a' }, '1').close('complete');
    await next();
    expect([notes.status(), notes.value(), notes.connection.state()]).toEqual(['resolved', ['a'], 'closed']);
  });

  it('is resolved with its default if the stream had ended before', async () => {
    const { notes, server, next } = setUp();
    server.expectOne(URL).fail(204);
    await server.advance(0);
    await next();
    expect(notes.snapshot()).toEqual({ status: 'resolved', value: [] });
  });
});

describe('the types of sseResource', () => {
  it('tell messages apart by their event, of a run unless said otherwise', () => {
    const { injector, notes } = setUp();
    const run = sseResource({
      url: () => undefined,
      defaultValue: { progress: 0 },
      reducer: (view, message) => (message.event === 'progress' ? { progress: message.data.progress } : view),
      injector,
    });
    const progress: number = run.value().progress;
    expect(progress).toBe(0);
    // @ts-expect-error: the fold is made of views
    run.set(1);
    sseResource({
      url: () => undefined,
      defaultValue: 0,
      // @ts-expect-error: no data of a run has this
      reducer: (sum, message) => (message.event === 'status' ? message.data.progress : sum),
      injector,
    });
    sseResource<number, Notes>({
      url: () => undefined,
      defaultValue: 0,
      // @ts-expect-error: there is no such event
      reducer: (sum, message) => (message.event === 'progress' ? 1 : sum),
      injector,
    });
    const schema: StandardSchema<{ event: 'price'; id: string; data: { cents: number } }> = {
      '~standard': { version: 1, vendor: 'test', validate: () => ({ issues: [] }) },
    };
    const price = sseResource({
      url: () => undefined,
      validate: schema,
      defaultValue: 0,
      reducer: (_, message) => message.data.cents,
      injector,
    });
    price.connection.on('price');
    // @ts-expect-error: the schema yields no such event
    price.connection.on('progress');
    const maybe = sseResource<string | undefined, Notes>({
      url: () => undefined,
      defaultValue: undefined,
      reducer: (_, message) => (message.event === 'note' ? message.data.text : undefined),
      injector,
    });
    const text: string = maybe.hasValue() ? maybe.value() : 'none';
    expect(text).toBe('none');
    const readonly: Resource<readonly string[]> = notes.asReadonly();
    expect(readonly.value()).toEqual([]);
  });
});
