import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { describe, expect, it } from '@jest/globals';
import type { Gap } from '@throughline/sse-protocol';
import { SseClient, sseResource } from '../../index';
import { setUp, URL } from './set-up-notes';

const GAP: Gap = { reason: 'trimmed', from: '1', to: '40', snapshot: '/notes/1/snapshot' };

describe('a local value of sseResource', () => {
  it('is what the next message is folded onto', async () => {
    const { notes, server, next } = setUp();
    const stream = server.expectOne(URL).open().message('note', { text: 'a' }, '1');
    await next();
    notes.value.set(['mine']);
    expect(notes.snapshot()).toEqual({ status: 'local', value: ['mine'] });
    await next();
    expect(notes.status()).toBe('local');
    stream.message('note', { text: 'b' }, '2');
    notes.update((list) => [...list, 'mine too']); // what waits for the frame is not lost
    expect(notes.value()).toEqual(['mine', 'b', 'mine too']);
    stream.message('note', { text: 'c' }, '3');
    await next();
    expect(notes.snapshot()).toEqual({ status: 'resolved', value: ['mine', 'b', 'mine too', 'c'] });
    expect(notes.value.asReadonly()()).toBe(notes.value());
  });

  it('may come before the stream', async () => {
    const url = signal<string | undefined>(undefined);
    const { notes, server, next } = setUp({ url });
    url.set(URL);
    notes.set(['mine']);
    await next();
    server.expectOne(URL).open().message('note', { text: 'b' }, '1');
    await next();
    expect(notes.value()).toEqual(['mine', 'b']);
  });
});

describe('a gap in sseResource', () => {
  it('is filled by what onGap answers, onto which follows what came after it', async () => {
    const asked: unknown[] = [];
    let answer: (list: readonly string[]) => void = () => undefined;
    const onGap = (gap: Gap, value: readonly string[]) => {
      asked.push([gap.to, value]);
      return new Promise<readonly string[]>((resolve) => (answer = resolve));
    };
    const { notes, server, next } = setUp({ onGap });
    const stream = server.expectOne(URL).open().message('note', { text: 'a' }, '1').control('stream.gap', GAP);
    stream.message('note', { text: 'z' }, '41');
    await next();
    expect([asked, notes.value()]).toEqual([[['40', ['a']]], ['a']]);
    answer(['snapshot']);
    await next();
    expect(notes.snapshot()).toEqual({ status: 'resolved', value: ['snapshot', 'z'] });
  });

  it('leaves the fold as it was if the connection breaks before the answer, and asks again', async () => {
    const answers: ((list: readonly string[]) => void)[] = [];
    const onGap = () => new Promise<readonly string[]>((resolve) => answers.push(resolve));
    const { notes, server, next } = setUp({ onGap });
    server.expectOne(URL).open().message('note', { text: 'a' }, '1').control('stream.gap', GAP).drop();
    answers[0]?.(['too late']);
    await next();
    expect(notes.value()).toEqual(['a']);
    await server.advance(1_000);
    const again = server.expectOne(URL);
    expect(again.url).toBe(`${URL}?lastEventId=1`);
    again.open().control('stream.gap', GAP);
    answers[1]?.(['snapshot']);
    await next();
    expect(notes.value()).toEqual(['snapshot']);
    expect(notes.connection.lastEventId()).toBe('40');
  });

  it('is a final error without onGap: nothing is skipped in silence', async () => {
    const { notes, server, next } = setUp();
    server.expectOne(URL).open().message('note', { text: 'a' }, '1').control('stream.gap', GAP);
    await next();
    expect(notes.error()).toMatchObject({ code: 'gap_unhandled' });
  });
});

describe('the end of sseResource', () => {
  it('comes with its injector, and leaves nothing behind, whatever was under way', async () => {
    const { notes, server, injector } = setUp();
    const stream = server.expectOne(URL).open().message('note', { text: 'a' }, '1');
    injector.destroy();
    expect(stream.isClosed).toBe(true);
    expect(notes.value()).toEqual(['a']);
    await server.advance(60_000);
    server.verifyNothingLeft();
  });

  it('comes with destroy(), which makes it idle', () => {
    const id = signal(1);
    const { notes, server } = setUp({ url: () => `/notes/${id()}` });
    const stream = server.expectOne('/notes/1').open().message('note', { text: 'a' }, '1');
    notes.destroy();
    expect(stream.isClosed).toBe(true);
    notes.set(['mine']);
    expect(notes.snapshot()).toEqual({ status: 'idle', value: [] });
    id.set(2);
    TestBed.tick();
    expect([notes.status(), notes.reload()]).toEqual(['idle', false]);
    server.verifyNothingLeft();
  });

  it('comes with connection.close(), which keeps the value for good', () => {
    const id = signal(1);
    const { notes, server } = setUp({ url: () => `/notes/${id()}` });
    server.expectOne('/notes/1').open().message('note', { text: 'a' }, '1');
    notes.connection.close();
    expect(notes.snapshot()).toEqual({ status: 'resolved', value: ['a'] });
    notes.set(['mine']);
    expect(notes.snapshot()).toEqual({ status: 'local', value: ['mine'] });
    id.set(2);
    TestBed.tick();
    expect(notes.snapshot()).toEqual({ status: 'local', value: ['mine'] });
    expect(notes.reload()).toBe(false);
    server.verifyNothingLeft();
  });

  it('leaves it loading no longer if nothing had come', () => {
    const { notes, server } = setUp();
    TestBed.inject(SseClient).closeAll();
    expect(notes.snapshot()).toEqual({ status: 'resolved', value: [] });
    server.verifyNothingLeft();
  });

  it('needs to be known: it throws outside of an injection context', () => {
    expect(() => sseResource({ url: URL, defaultValue: 0, reducer: (count) => count + 1 })).toThrow(
      'injection context',
    );
  });
});
