import { ApplicationRef, Component, effect, inject, input, PLATFORM_ID, provideAppInitializer } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { describe, expect, it } from '@jest/globals';
import { provideSse, SseClient, withTransport } from '../index';
import { provideSseTesting, SseTestingController } from '../testing/index';
import { record, setUpClient, statusData, URL } from './set-up-client';

describe('signals', () => {
  it('write the last id once per frame, however many messages come', async () => {
    const { client, server, injector } = setUpClient();
    const connection = client.connect(URL);
    record(connection);
    const seen: string[] = [];
    effect(() => void seen.push(connection.lastEventId()), { injector });
    TestBed.tick();
    const stream = server.expectOne(URL).open();
    for (let id = 1; id <= 100; id += 1) stream.message('status', statusData(), String(id));
    TestBed.tick();
    await server.advance(16);
    TestBed.tick();
    expect(seen).toEqual(['', '100']);
  });

  it('show in a template without zone.js', async () => {
    const { server } = setUpClient();
    @Component({ selector: 'tl-chip', template: '{{ connection.state() }} {{ connection.lastEventId() }}' })
    class Chip {
      readonly url = input.required<string>();
      readonly connection = inject(SseClient).connect(() => this.url());
      readonly subscription = this.connection.messages.subscribe();
    }
    const fixture = TestBed.createComponent(Chip);
    fixture.componentRef.setInput('url', URL);
    await fixture.whenStable();
    const text = () => (fixture.nativeElement as HTMLElement).textContent;
    expect(text()).toBe('connecting ');
    server.expectOne(URL).open().message('status', statusData(), '7');
    await server.advance(16);
    await fixture.whenStable();
    expect(text()).toBe('open 7');
  });
});

describe('the application', () => {
  it('becomes stable while a stream is open: no task is pending', async () => {
    const { client, server } = setUpClient();
    record(client.connect(URL));
    server.expectOne(URL).open();
    await TestBed.inject(ApplicationRef).whenStable();
    expect(server.openConnections).toBe(1);
  });

  it('opens nothing on a server', async () => {
    TestBed.configureTestingModule({
      providers: [provideSse(), provideSseTesting(), { provide: PLATFORM_ID, useValue: 'server' }],
    });
    const server = TestBed.inject(SseTestingController);
    const client = TestBed.inject(SseClient);
    const connections = [client.connect(URL), client.connect(() => URL)];
    const records = connections.map(record);
    TestBed.tick();
    await server.advance(60_000);
    expect(connections.map((each) => each.state())).toEqual(['idle', 'idle']);
    expect(records.map((each) => each.end)).toEqual([undefined, undefined]);
    server.expectNone(() => true);
    server.verifyNothingLeft();
  });

  it('may choose the transport by what it injects', () => {
    TestBed.configureTestingModule({
      providers: [
        provideSse(withTransport(() => (inject(PLATFORM_ID) === 'browser' ? 'polling' : 'sse'))),
        provideSseTesting(),
        provideAppInitializer(() => void record(inject(SseClient).connect(URL))),
      ],
    });
    expect(TestBed.inject(SseTestingController).matchPages(URL)).toHaveLength(1);
  });
});
