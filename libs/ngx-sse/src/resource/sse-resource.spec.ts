import {
  Component,
  createEnvironmentInjector,
  EnvironmentInjector,
  ErrorHandler,
  input,
  signal,
  type Resource,
} from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { describe, expect, it } from '@jest/globals';
import type { Gap } from '@throughline/sse-protocol';
import {
  provideSse,
  SseClient,
  sseResource,
  withTransport,
  type SseFeature,
  type StandardSchema,
  type SseResourceOptions,
} from '../index';
import { provideSseTesting, SseTestingController } from '../testing/index';

interface Note {
  readonly text: string;
}

/** The events of these streams. */
interface Notes {
  note: Note;
  cleared: object;
}

type Options = SseResourceOptions<readonly string[], Notes>;

const URL = '/notes/1';
const FRAME_MS = 16;
const GAP: Gap = { reason: 'trimmed', from: '1', to: '40', snapshot: '/notes/1/snapshot' };

/** A list of notes whose server is the test. */
function setUp(options: Partial<Options> = {}, ...features: SseFeature[]) {
  const reported: unknown[] = [];
  TestBed.configureTestingModule({
    providers: [
      provideSse(...features),
      provideSseTesting(),
      { provide: ErrorHandler, useValue: { handleError: (error: unknown) => reported.push(error) } },
    ],
  });
  const server = TestBed.inject(SseTestingController);
  const injector = createEnvironmentInjector([], TestBed.inject(EnvironmentInjector));
  const folded: string[] = [];
  const notes = sseResource<readonly string[], Notes>({
    url: URL,
    events: ['note', 'cleared'],
    defaultValue: [],
    reducer: (list, message) => {
      folded.push(message.id);
      return message.event === 'note' ? [...list, message.data.text] : [];
    },
    injector,
    ...options,
  });
  const next = async () => {
    TestBed.tick();
    await server.advance(FRAME_MS);
    TestBed.tick();
  };
  TestBed.tick();
  return { notes, server, injector, folded, reported, next };
}

function thrownBy(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return error;
  }
}

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
