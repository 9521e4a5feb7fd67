import {
  ChangeDetectorRef,
  Component,
  createEnvironmentInjector,
  inject,
  input,
  runInInjectionContext,
  signal,
  type DestroyRef,
} from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SseClient, sseResource, withPollingFallback, withTransport } from '../../index';
import { record, setUpClient, statusData, URL } from '../set-up-client';
import { countListeners } from './count-listeners';

const CYCLES = 1_000;

@Component({ selector: 'tl-run', template: '{{ connection.state() }} {{ run.value() }}' })
class RunPage {
  readonly id = input(1);
  readonly connection = inject(SseClient).connect(() => `/runs/${this.id()}`);
  readonly subscription = this.connection.messages.subscribe();
  readonly run = sseResource({ url: () => `/runs/${this.id()}`, defaultValue: 0, reducer: (sum) => sum + 1 });
}

@Component({ selector: 'tl-unchecked', template: '' })
class UncheckedPage extends RunPage {
  constructor() {
    super();
    inject(ChangeDetectorRef).detach();
  }
}

describe('a view that is not being checked', () => {
  it('keeps nobody from connecting, nor from moving', () => {
    const { server } = setUpClient();
    const fixture = TestBed.createComponent(UncheckedPage);
    TestBed.tick();
    const stream = server.expectOne('/runs/1').open(); // of both, who share it
    fixture.componentRef.setInput('id', 2);
    TestBed.tick();
    expect(stream.isClosed).toBe(true);
    server.expectOne('/runs/2');
  });
});

describe('destroying', () => {
  let listeners: ReturnType<typeof countListeners>;
  beforeEach(() => void (listeners = countListeners(window, document)));
  afterEach(() => listeners.stop());

  it('a component closes its connection and its resource', async () => {
    const { server } = setUpClient();
    const fixture = TestBed.createComponent(RunPage);
    await fixture.whenStable();
    const before = listeners.count;
    expect(before).toBeGreaterThan(0); // the page's life is listened to while there is a stream
    const stream = server.expectOne('/runs/1').open().message('status', statusData(), '1');
    fixture.destroy();
    expect(stream.isClosed).toBe(true);
    expect(fixture.componentInstance.connection.state()).toBe('closed');
    expect(listeners.count).toBe(0);
    server.verifyNothingLeft();
  });

  it('an injector does so, too, also in the middle of waiting', async () => {
    const { server, injector } = setUpClient(withPollingFallback({ afterFailures: 1 }));
    const waits: (() => void)[] = [
      () => server.expectOne(URL).drop(), // reconnecting
      () => server.expectOne(URL).fail(), // asking for the reason
      () => server.expectOne(URL).open().message('status', statusData(), '1'), // before the frame
      () => undefined, // connecting
    ];
    for (const wait of waits) {
      const child = createEnvironmentInjector([], injector);
      runInInjectionContext(child, () => {
        record(inject(SseClient).connect(URL));
        sseResource({ url: URL, defaultValue: 0, reducer: (sum) => sum + 1 });
      });
      TestBed.tick();
      wait();
      child.destroy();
      expect(listeners.count).toBe(0);
      server.verifyNothingLeft();
      TestBed.tick();
      await server.advance(60_000);
      server.verify();
    }
  });

  it(`leaves no listener, timer or connection after ${CYCLES} connections, however they end`, async () => {
    const { client, server, injector } = setUpClient();
    for (let cycle = 0; cycle < CYCLES; cycle += 1) {
      const child = createEnvironmentInjector([], injector);
      const connection = runInInjectionContext(child, () => client.connect(`/runs/${cycle}`));
      record(connection);
      const stream = server.expectOne(`/runs/${cycle}`).open().message('status', statusData(), '1');
      if (cycle % 4 === 0) stream.close('complete');
      if (cycle % 4 === 1) stream.drop();
      if (cycle % 4 === 2) connection.close();
      child.destroy();
    }
    server.verifyNothingLeft();
    expect(listeners.count).toBe(0);
  });

  it(`leaves nothing after ${CYCLES} resources that were destroyed`, async () => {
    const { server, injector } = setUpClient();
    for (let cycle = 0; cycle < CYCLES; cycle += 1) {
      const run = sseResource({ url: URL, defaultValue: 0, reducer: (sum) => sum + 1, injector });
      TestBed.tick();
      server.expectOne(URL).open().message('status', statusData(), '1');
      run.destroy();
    }
    server.verifyNothingLeft();
    expect(listeners.count).toBe(0);
    await server.advance(60_000);
    server.verify();
  });

  it('is not waited for by what has been closed before, and no URL is read for it', () => {
    const { client } = setUpClient();
    const callbacks = new Set<() => void>();
    const destroyRef: DestroyRef = {
      destroyed: false,
      onDestroy: (callback) => {
        callbacks.add(callback);
        return () => callbacks.delete(callback);
      },
    };
    const id = signal(1);
    let reads = 0;
    const url = () => `/runs/${id()}/${(reads += 1)}`;
    const connections = [client.connect(URL, { destroyRef }), client.connect(url, { destroyRef })];
    TestBed.tick();
    expect([callbacks.size, reads]).toEqual([2, 1]);
    for (const connection of connections) connection.close();
    id.set(2);
    TestBed.tick();
    expect([callbacks.size, reads]).toEqual([0, 1]);
  });

  it('aborts a page that is under way', async () => {
    const { server, injector } = setUpClient(withTransport('polling'));
    const run = sseResource({ url: URL, defaultValue: 0, reducer: (sum) => sum + 1, injector });
    TestBed.tick();
    const page = server.expectPage(URL);
    run.destroy();
    expect(page.isAborted).toBe(true);
    server.verifyNothingLeft();
  });
});
