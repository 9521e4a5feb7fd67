import { ApplicationRef, Component, EnvironmentInjector, inject, PLATFORM_ID } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { provideSse, SseClient, sseResource, withPollingFallback } from '../../index';
import { provideSseTesting, SseTestingController } from '../../testing/index';
import { statusData, URL } from '../set-up-client';
import { countListeners } from './count-listeners';

@Component({ selector: 'tl-run', template: '{{ connection.state() }} {{ run.status() }} {{ run.value() }}' })
class RunPage {
  readonly connection = inject(SseClient).connect(() => URL);
  readonly subscription = this.connection.messages.subscribe();
  readonly run = sseResource({ url: URL, defaultValue: 'nothing yet', reducer: (_, message) => message.event });
}

describe('on a server', () => {
  let listeners: ReturnType<typeof countListeners>;
  beforeEach(() => void (listeners = countListeners(window, document)));
  afterEach(() => listeners.stop());

  function setUpServer() {
    TestBed.configureTestingModule({
      providers: [provideSse(withPollingFallback()), provideSseTesting(), { provide: PLATFORM_ID, useValue: 'server' }],
    });
    return TestBed.inject(SseTestingController);
  }

  it('renders first values and is stable: no stream, no request, no timer, no listener, no pending task', async () => {
    const server = setUpServer();
    const before = listeners.count;
    const fixture = TestBed.createComponent(RunPage);
    fixture.detectChanges();
    await TestBed.inject(ApplicationRef).whenStable();
    const text = () => (fixture.nativeElement as HTMLElement).textContent;
    expect(text()).toBe('idle loading nothing yet');
    expect(server.clock.pendingTimers).toBe(0);
    await server.advance(600_000);
    await fixture.whenStable();
    expect(text()).toBe('idle loading nothing yet');
    server.expectNone(() => true);
    expect(server.matchPages(() => true)).toEqual([]);
    expect(listeners.count).toBe(before);
    fixture.destroy();
    server.verifyNothingLeft();
  });

  it('opens nothing when asked to reconnect or reload, and lets a value be set', async () => {
    const server = setUpServer();
    const injector = TestBed.inject(EnvironmentInjector);
    const run = sseResource({ url: URL, defaultValue: 'nothing yet', reducer: () => '', injector });
    run.connection.reconnect();
    expect(run.reload()).toBe(false);
    run.set('fetched');
    expect(run.snapshot()).toEqual({ status: 'local', value: 'fetched' });
    await server.advance(600_000);
    expect(run.value()).toBe('fetched');
    run.destroy();
    expect(run.snapshot()).toEqual({ status: 'idle', value: 'nothing yet' });
    server.verify();
    server.verifyNothingLeft();
  });

  it('is told from a browser by the platform alone: the same page there opens one shared stream', async () => {
    TestBed.configureTestingModule({ providers: [provideSse(withPollingFallback()), provideSseTesting()] });
    const server = TestBed.inject(SseTestingController);
    const fixture = TestBed.createComponent(RunPage);
    await fixture.whenStable();
    server.expectOne(URL).open().message('status', statusData(), '1');
    await server.advance(16);
    await fixture.whenStable();
    expect((fixture.nativeElement as HTMLElement).textContent).toBe('open resolved status');
  });
});
