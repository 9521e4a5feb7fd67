import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { Component, inject } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { SseClient, provideSse, withPollingFallback } from '@throughline/ngx-sse';
import { SseTestingController, provideSseTesting } from '@throughline/ngx-sse/testing';
import { Session } from '../sign-in/session';
import { ConnectionChip } from './connection-chip';

const URL = '/api/v1/runs/r1/events';

@Component({
  imports: [ConnectionChip],
  template: `<tl-connection-chip [connection]="connection" liveNote="As it happens." safeNote="Nothing is lost." />`,
})
class Host {
  readonly connection = inject(SseClient).connect(() => URL);

  constructor() {
    this.connection.messages.pipe(takeUntilDestroyed()).subscribe();
  }
}

describe('ConnectionChip', () => {
  let sse: SseTestingController;
  let fixture: ComponentFixture<Host>;
  const element = () => fixture.nativeElement as HTMLElement;
  const text = () =>
    [...element().querySelector('tl-connection-chip')!.children].map((part) => part.textContent?.trim()).join(' ');
  const button = () => element().querySelector('button');
  const pass = async (ms: number) => {
    await sse.advance(ms);
    TestBed.tick();
  };

  beforeEach(async () => {
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(),
        provideHttpClientTesting(),
        provideSse(withPollingFallback()),
        provideSseTesting(),
      ],
    });
    sse = TestBed.inject(SseTestingController);
    fixture = TestBed.createComponent(Host);
    TestBed.tick();
    await pass(0);
  });

  afterEach(() => {
    jest.restoreAllMocks();
    fixture.destroy();
    sse.verifyNothingLeft();
  });

  it('says that it connects, and then that it is live, with nothing to press', async () => {
    expect(text()).toBe('Connecting');
    sse.expectOne(URL).open();
    await pass(50);
    expect(text()).toBe('Live As it happens.');
    expect(button()).toBeNull();
  });

  it('counts the seconds down to the next attempt, and makes it', async () => {
    sse.expectOne(URL).open().drop();
    await pass(0);
    expect(text()).toBe('Reconnecting in 1 s Now Nothing is lost.');
    await pass(1000);
    sse.expectOne(URL).drop();
    await pass(0);
    expect(text()).toContain('Reconnecting in 2 s');
    await pass(1000);
    expect(text()).toContain('Reconnecting in 1 s');
    await pass(1000);
    expect(text()).toContain('Reconnecting Now');
    sse.expectOne(URL).open();
    await pass(50);
    expect(text()).toContain('Live');
  });

  it('reconnects at once when told to', async () => {
    sse.expectOne(URL).open().message('status', {}, '7').drop();
    await pass(0);
    button()!.click();
    await pass(0);
    expect(sse.expectOne(URL).open().url).toContain('lastEventId=7');
    await pass(50);
    expect(text()).toContain('Live');
  });

  it('says that it polls, and tries the stream when told to', async () => {
    for (const delayMs of [1000, 2000, 0]) {
      sse.expectOne(URL).drop();
      await pass(delayMs);
    }
    await sse.expectPage(URL).respond();
    await pass(50);
    expect(text()).toMatch(/^Polling Try live .* Nothing is lost\.$/);
    button()!.click();
    await pass(0);
    sse.expectOne(URL).open();
    await pass(50);
    expect(text()).toContain('Live');
  });

  it('offers no stream where the operator has chosen polling', async () => {
    const session = TestBed.inject(Session);
    const loaded = session.load();
    TestBed.inject(HttpTestingController)
      .expectOne('/api/v1/session')
      .flush({ user: { id: 'u', email: 'a@example.org', role: 'member' }, transport: 'polling' });
    await loaded;
    for (const delayMs of [1000, 2000, 0]) {
      sse.expectOne(URL).drop();
      await pass(delayMs);
    }
    await sse.expectPage(URL).respond();
    await pass(50);
    expect(text()).toMatch(/^Polling The page asks/);
    expect(button()).toBeNull();
  });

  it('says that it is offline, and that nothing is lost', async () => {
    jest.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
    sse.expectOne(URL).open().drop();
    await pass(0);
    expect(text()).toBe('Offline Try now Nothing is lost.');
    jest.restoreAllMocks();
    window.dispatchEvent(new Event('online'));
    await pass(0);
    expect(text()).toContain('Reconnecting');
  });

  it('says that it is not connected, and leaves to its page what can be done about it', async () => {
    sse.expectOne(URL).fail(404);
    await pass(50);
    expect(text()).toBe('Not connected');
  });

  it('says when all is complete', async () => {
    sse.expectOne(URL).open().close('complete');
    await pass(50);
    expect(text()).toBe('Complete');
  });
});
