import { Component, effect, inject, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { describe, expect, it } from '@jest/globals';
import { SseClient, type SseConnection } from '../index';
import { record, setUpClient, statusData, URL } from './set-up-client';

describe('subscribing', () => {
  it('opens the stream with the first subscription, so that nothing comes before it', () => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL);
    expect(connection.state()).toBe('idle');
    server.expectNone(URL);
    record(connection);
    expect(connection.state()).toBe('connecting');
    server.expectOne(URL);
  });

  it('pauses when the last subscription ends, and goes on after the last message with the next', async () => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL);
    const first = record(connection);
    const stream = server.expectOne(URL).open().message('status', statusData(), '1');
    first.subscription.unsubscribe();
    await server.advance(0);
    expect(stream.isClosed).toBe(true);
    expect(connection.state()).toBe('idle');
    expect(connection.lastEventId()).toBe('1');
    server.verifyNothingLeft();
    const second = record(connection);
    const again = server.expectOne(URL);
    expect(again.url).toBe(`${URL}?lastEventId=1`);
    again.open().message('status', statusData(), '2');
    expect(second.ids).toEqual(['2']);
  });

  it('stays open when one subscription replaces another', async () => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL);
    const first = record(connection);
    const stream = server.expectOne(URL).open();
    first.subscription.unsubscribe();
    record(connection);
    await server.advance(0);
    expect(stream.isClosed).toBe(false);
  });

  it('gives the data of one event, and leaves the rest unread', () => {
    const { client, server } = setUpClient();
    const validated: string[] = [];
    const connection = client.connect(URL, {
      validate: (message) => {
        validated.push(message.event);
        return true;
      },
    });
    const data: unknown[] = [];
    connection.on('status').subscribe((status) => data.push(status));
    server.expectOne(URL).open().message('progress', {}, '1').message('status', statusData(), '2');
    expect(data).toEqual([statusData()]);
    expect(validated).toEqual(['status']);
  });

  it('completes streams of single events with the stream', () => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL);
    let ends = 0;
    connection.on('status').subscribe({ complete: () => (ends += 1) });
    connection.invalid.subscribe({ complete: () => (ends += 1) });
    server.expectOne(URL).open().close('complete');
    connection.on('progress').subscribe({ complete: () => (ends += 1) });
    expect(ends).toBe(3);
  });
});

describe('a URL function', () => {
  it('moves the connection to the other stream, from its start', async () => {
    const { client, server } = setUpClient();
    const id = signal<number | undefined>(undefined);
    const connection = client.connect(() => (id() === undefined ? undefined : `/runs/${id()}`));
    const got = record(connection);
    TestBed.tick();
    expect(connection.state()).toBe('idle');
    id.set(1);
    TestBed.tick();
    const first = server.expectOne('/runs/1').open().message('status', statusData(), '5');
    id.set(2);
    TestBed.tick();
    expect(first.isClosed).toBe(true);
    const second = server.expectOne('/runs/2');
    expect(second.url).toBe('/runs/2');
    second.open().message('status', statusData(), '5');
    expect(got.ids).toEqual(['5', '5']);
    id.set(undefined);
    TestBed.tick();
    expect(connection.state()).toBe('idle');
    await server.advance(60_000);
    server.verifyNothingLeft();
  });

  it('outlives the end of a stream, since another URL may follow', () => {
    const { client, server } = setUpClient();
    const id = signal(1);
    const connection = client.connect(() => `/runs/${id()}`);
    const got = record(connection);
    TestBed.tick();
    server.expectOne('/runs/1').open().message('status', statusData(), '3').close('complete');
    expect(connection.state()).toBe('closed');
    expect(got.end).toBeUndefined();
    connection.reconnect();
    const again = server.expectOne('/runs/1');
    expect(again.url).toBe('/runs/1?lastEventId=3');
    again.open().close('superseded');
    expect(connection.state()).toBe('failed');
    id.set(2);
    TestBed.tick();
    server.expectOne('/runs/2').open();
    expect(connection.error()).toBeUndefined();
    connection.close();
    expect(got.end).toBe('complete');
    id.set(3);
    TestBed.tick();
    server.verify();
  });

  it('may be given inside a reactive computation', () => {
    const { client, server, injector } = setUpClient();
    effect(() => void record(client.connect(() => URL)), { injector });
    TestBed.tick();
    TestBed.tick();
    expect(server.match(URL)).toHaveLength(1);
  });
});

describe('closing', () => {
  it('comes with the context in which it was connected', async () => {
    const { server } = setUpClient();
    let connection: SseConnection<object> | undefined;
    @Component({ selector: 'tl-page', template: '' })
    class Page {
      readonly connection = (connection = inject(SseClient).connect(URL));
      readonly subscription = this.connection.messages.subscribe();
    }
    const fixture = TestBed.createComponent(Page);
    const stream = server.expectOne(URL).open();
    fixture.destroy();
    expect(stream.isClosed).toBe(true);
    expect(connection?.state()).toBe('closed');
    server.verifyNothingLeft();
  });

  it('comes with the application where there is no such context', () => {
    const { client, server } = setUpClient();
    record(client.connect(URL));
    const stream = server.expectOne(URL).open();
    TestBed.resetTestingModule();
    expect(stream.isClosed).toBe(true);
    server.verifyNothingLeft();
  });

  it('is final', () => {
    const { client, server } = setUpClient();
    const connection = client.connect(URL);
    connection.close();
    connection.reconnect();
    expect(record(connection).end).toBe('complete');
    connection.close();
    server.expectNone(URL);
    expect(connection.state()).toBe('closed');
  });
});
