import 'zone.js';
import { AsyncPipe } from '@angular/common';
import {
  ApplicationRef,
  Component,
  createComponent,
  EnvironmentInjector,
  inject,
  NgZone,
  provideZoneChangeDetection,
  type ComponentRef,
} from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { createApplication } from '@angular/platform-browser';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { firstValueFrom, map } from 'rxjs';
import {
  provideSse,
  SSE_CLOCK,
  SSE_EVENT_SOURCE,
  SSE_FETCH,
  SseClient,
  sseResource,
  withPollingFallback,
  withReconnect,
  type EventSourceLike,
  type SseFeature,
} from '../../index';

const URL = '/api/runs/1/events';

/** An event target that zone.js has patched, as the browser's `EventSource`: listeners run in the zone that added them. */
class PatchedEventSource extends EventTarget implements EventSourceLike {
  static readonly made: PatchedEventSource[] = [];
  readyState = 0;

  constructor(readonly url: string) {
    super();
    PatchedEventSource.made.push(this);
  }

  close(): void {
    this.readyState = 2;
  }

  send(event: string, data: object, lastEventId = ''): this {
    this.readyState = 1;
    // As the browser does: from no zone of the application.
    Zone.root.run(() => this.dispatchEvent(new MessageEvent(event, { data: JSON.stringify(data), lastEventId })));
    return this;
  }

  lose(): void {
    this.readyState = 0;
    Zone.root.run(() => this.dispatchEvent(new Event('error')));
  }
}

@Component({
  selector: 'tl-run',
  imports: [AsyncPipe],
  template: `{{ checked() }}{{ run.connection.state() }} {{ run.value() }} {{ last() }} {{ attempts | async }}`,
})
class RunPage {
  static checks = 0;
  readonly zones: boolean[] = [];
  readonly run = sseResource({ url: URL, defaultValue: 0, reducer: (sum) => sum + 1 });
  readonly connection = inject(SseClient).connect(URL);
  readonly last = toSignal(
    this.connection.messages.pipe(
      map((message) => {
        this.zones.push(NgZone.isInAngularZone());
        return message.id;
      }),
    ),
  );
  readonly attempts = this.connection.on('status').pipe(map((status) => status.attempt));

  checked(): string {
    RunPage.checks += 1;
    return '';
  }
}

describe('an application with zone.js', () => {
  let application: ApplicationRef;
  let zone: NgZone;
  let page: ComponentRef<RunPage>;
  let fetchZones: boolean[];

  async function start(...features: SseFeature[]): Promise<void> {
    fetchZones = [];
    PatchedEventSource.made.length = 0;
    application = await createApplication({
      providers: [
        provideZoneChangeDetection(),
        provideSse(...features),
        { provide: SSE_EVENT_SOURCE, useValue: PatchedEventSource },
        {
          provide: SSE_FETCH,
          useValue: () => {
            fetchZones.push(NgZone.isInAngularZone());
            return new Promise(() => undefined);
          },
        },
      ],
    });
    zone = application.injector.get(NgZone);
    page = zone.run(() => {
      const environmentInjector = application.injector.get(EnvironmentInjector);
      const host = document.body.appendChild(document.createElement('tl-run'));
      const created = createComponent(RunPage, { environmentInjector, hostElement: host });
      application.attachView(created.hostView);
      return created;
    });
    await application.whenStable();
  }

  const text = () => (page.location.nativeElement as HTMLElement).textContent;
  const isStable = () => firstValueFrom(application.isStable);
  const becomes = (expected: string) =>
    new Promise<void>((resolve) => {
      const observer = new MutationObserver(() => look());
      const look = () => {
        if (text() !== expected) return;
        observer.disconnect();
        resolve();
      };
      observer.observe(page.location.nativeElement as HTMLElement, {
        subtree: true,
        characterData: true,
        childList: true,
      });
      look();
    });
  const status = (attempt: number) => ({ timestamp: '2026-01-01T00:00:00Z', runId: '1', status: 'running', attempt });

  beforeEach(() => void (RunPage.checks = 0));
  afterEach(() => {
    application.destroy();
    document.body.replaceChildren();
  });

  it('really is one', async () => {
    await start();
    expect(zone.constructor.name).toBe('NgZone');
    expect(zone.run(() => NgZone.isInAngularZone())).toBe(true);
    const inZone: boolean[] = [];
    const target = zone.run(() => {
      const source = new PatchedEventSource('/other');
      source.addEventListener('status', () => inZone.push(NgZone.isInAngularZone()));
      return source;
    });
    target.send('status', {});
    expect(inZone).toEqual([true]);
  });

  it('hears messages outside of its zone, and shows them by signals: a few checks for a burst', async () => {
    await start();
    let unstable = 0;
    zone.onUnstable.subscribe(() => (unstable += 1));
    const [source] = PatchedEventSource.made;
    expect(PatchedEventSource.made).toHaveLength(1);
    source?.send('stream.open', { heartbeatIntervalMs: 15_000 });
    await becomes('open 0  ');
    const checksBefore = RunPage.checks;
    const unstableBefore = unstable;
    for (let id = 1; id <= 1_000; id += 1) source?.send('status', status(7), String(id));
    expect([RunPage.checks, unstable]).toEqual([checksBefore, unstableBefore]);
    await becomes('open 1000 1000 7');
    expect(page.instance.zones).toHaveLength(1_000);
    expect(page.instance.zones).not.toContain(true);
    // What toSignal and the async pipe have told is shown at once, and what waits for a frame then: three checks at
    // most, each with the second look that Angular takes while developing.
    expect(RunPage.checks - checksBefore).toBeLessThanOrEqual(6);
  });

  it('is stable while a stream is open, while it waits to reconnect and while it polls', async () => {
    await start(withReconnect({ initialDelayMs: 5, maxDelayMs: 5 }), withPollingFallback({ afterFailures: 1 }));
    const first = PatchedEventSource.made[0];
    first?.send('stream.open', { heartbeatIntervalMs: 15_000 });
    await becomes('open 0  ');
    expect([await isStable(), zone.hasPendingMacrotasks]).toEqual([true, false]);
    first?.lose();
    await becomes('reconnecting 0  ');
    expect([await isStable(), zone.hasPendingMacrotasks]).toEqual([true, false]);
    await zone.runOutsideAngular(async () => {
      while (PatchedEventSource.made.length < 2) await new Promise((resolve) => setTimeout(resolve, 1));
    });
    PatchedEventSource.made[1]?.lose(); // nothing came through: poll
    await becomes('polling 0  ');
    expect([await isStable(), zone.hasPendingMacrotasks, fetchZones]).toEqual([true, false, [false]]);
  });

  it('keeps its timers and frames outside, whoever asks for them', async () => {
    await start();
    const clock = application.injector.get(SSE_CLOCK);
    const rung = new Promise<boolean[]>((resolve) => {
      const zones: boolean[] = [];
      const ring = () => zones.push(NgZone.isInAngularZone()) === 2 && resolve(zones);
      zone.run(() => [clock.setTimeout(ring, 1), clock.requestFrame(ring)]);
    });
    expect(zone.hasPendingMacrotasks).toBe(false);
    expect(await rung).toEqual([false, false]);
  });

  it('stays outside of it when asked to reconnect or to reload from within', async () => {
    await start();
    zone.run(() => page.instance.connection.reconnect());
    const again = PatchedEventSource.made.at(-1);
    again?.send('status', status(1), '1');
    expect(page.instance.zones).toEqual([false]);
    await becomes('open 1 1 1');
    zone.run(() => page.instance.run.reload());
    expect(zone.hasPendingMacrotasks).toBe(false);
    PatchedEventSource.made.at(-1)?.send('status', status(2), '2');
    await becomes('open 2 2 2');
    expect(page.instance.zones).toEqual([false, false]);
  });
});
