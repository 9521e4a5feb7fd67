import { Component, input, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { describe, expect, it } from '@jest/globals';
import { provideSse, sseResource } from '../../index';
import { provideSseTesting, SseTestingController } from '../../testing/index';
import { FRAME_MS, setUp, URL, type Notes } from './set-up-notes';

describe('the URL of sseResource', () => {
  it('begins anew at once when it changes, and is idle where there is none', async () => {
    const id = signal<number | undefined>(undefined);
    const { notes, server, next } = setUp({ url: () => (id() === undefined ? undefined : `/notes/${id()}`) });
    expect([notes.status(), notes.value()]).toEqual(['idle', []]);
    server.expectNone(() => true);
    id.set(1);
    expect(notes.status()).toBe('loading');
    await next();
    const first = server.expectOne('/notes/1').open().message('note', { text: 'a' }, '1');
    await next();
    expect(notes.value()).toEqual(['a']);
    id.set(2);
    // Nobody has been told yet, but the value of the one is never shown as that of the other.
    expect(notes.snapshot()).toEqual({ status: 'loading', value: [] });
    first.message('note', { text: 'late' }, '2');
    await server.advance(FRAME_MS);
    expect(notes.snapshot()).toEqual({ status: 'loading', value: [] });
    await next();
    expect(first.isClosed).toBe(true);
    const second = server.expectOne('/notes/2');
    expect(second.url).toBe('/notes/2');
    second.open().message('note', { text: 'b' }, '1');
    await next();
    expect(notes.value()).toEqual(['b']);
    id.set(undefined);
    expect([notes.status(), notes.value()]).toEqual(['idle', []]);
    await next();
    server.verifyNothingLeft();
  });

  it('may depend on a required input', async () => {
    @Component({ selector: 'tl-notes', template: '{{ notes.status() }}: {{ notes.value() }}' })
    class NotesPage {
      readonly id = input.required<number>();
      readonly notes = sseResource<string, Notes>({
        url: () => `/notes/${this.id()}`,
        events: ['note'],
        defaultValue: '-',
        reducer: (_, message) => (message.event === 'note' ? message.data.text : ''),
      });
    }
    TestBed.configureTestingModule({ providers: [provideSse(), provideSseTesting()] });
    const server = TestBed.inject(SseTestingController);
    const fixture = TestBed.createComponent(NotesPage);
    fixture.componentRef.setInput('id', 1);
    await fixture.whenStable();
    const text = () => (fixture.nativeElement as HTMLElement).textContent;
    expect(text()).toBe('loading: -');
    const stream = server.expectOne('/notes/1').open().message('note', { text: 'a' }, '1');
    await server.advance(FRAME_MS);
    await fixture.whenStable();
    expect(text()).toBe('resolved: a');
    fixture.destroy();
    expect(stream.isClosed).toBe(true);
    server.verifyNothingLeft();
  });

  it('may come with a state that was kept, which the stream goes on from', async () => {
    const start = (url: string) => ({ value: [`kept of ${url}`], lastEventId: '7' });
    const { notes, server, next } = setUp({ start });
    expect(notes.snapshot()).toEqual({ status: 'loading', value: [`kept of ${URL}`] });
    const stream = server.expectOne(URL);
    expect(stream.url).toBe(`${URL}?lastEventId=7`);
    stream.open().message('note', { text: 'b' }, '8');
    await next();
    expect(notes.value()).toEqual([`kept of ${URL}`, 'b']);
    expect(notes.reload()).toBe(true);
    expect(server.expectOne(URL).url).toBe(`${URL}?lastEventId=7`);
  });
});

describe('reload() of sseResource', () => {
  it('reads the stream again from its start, and keeps the value until something comes', async () => {
    const { notes, server, folded, next } = setUp();
    const first = server.expectOne(URL).open().message('note', { text: 'a' }, '1');
    await next();
    first.message('note', { text: 'b' }, '2');
    expect(notes.reload()).toBe(true);
    expect(first.isClosed).toBe(true);
    expect(notes.snapshot()).toEqual({ status: 'reloading', value: ['a', 'b'] });
    expect(notes.reload()).toBe(false);
    await next();
    const again = server.expectOne(URL);
    expect(again.url).toBe(URL);
    again.open().message('note', { text: 'A' }, '1');
    await next();
    expect(notes.snapshot()).toEqual({ status: 'resolved', value: ['A'] });
    expect(folded).toEqual(['1', '2', '1']);
  });

  it('mends an error', async () => {
    const { notes, server, next } = setUp();
    server.expectOne(URL).fail(401);
    await next();
    expect(notes.error()).toMatchObject({ code: 'unauthorized' });
    expect(notes.reload()).toBe(true);
    expect(notes.snapshot()).toEqual({ status: 'reloading', value: [] });
    server.expectOne(URL).open();
    await next();
    expect(notes.status()).toBe('resolved');
  });

  it('is refused while the URL changes: another stream is about to be read', async () => {
    const id = signal(1);
    const { notes, server, next } = setUp({ url: () => `/notes/${id()}` });
    server.expectOne(URL).open();
    await next();
    id.set(2);
    notes.set(['mine']);
    expect([notes.reload(), notes.value()]).toEqual([false, ['mine']]);
  });

  it('is refused where there is nothing to read again', () => {
    const { notes } = setUp();
    expect(notes.reload()).toBe(false);
    TestBed.resetTestingModule();
    expect(setUp({ url: () => undefined }).notes.reload()).toBe(false);
  });
});
