import { createEnvironmentInjector, DOCUMENT, EnvironmentInjector } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { Gap, RunEvents } from '@throughline/sse-protocol';
import { provideSse, SseClient, type SseConnection, type SseFeature } from '../../index';
import { provideSseTesting, SseTestingController } from '../../testing/index';
import { SSE_BROADCAST_CHANNEL, SSE_LOCKS } from '../tab-platform';
import type { FakeChannels } from './fake-channels';
import type { FakeLocks } from './fake-locks';
import { FakeProcess } from './fake-process';

/** The part of a document and its window that the library uses. */
class FakeDocument extends EventTarget {
  readonly baseURI = 'https://app.example/';
  readonly hidden = false;
  readonly defaultView = Object.assign(new EventTarget(), { navigator: { onLine: true } });
  listeners = 0;

  constructor() {
    super();
    for (const target of [this, this.defaultView]) {
      const { addEventListener, removeEventListener } = target;
      target.addEventListener = (...args: Parameters<EventTarget['addEventListener']>) => {
        this.listeners += 1;
        addEventListener.apply(target, args);
      };
      target.removeEventListener = (...args: Parameters<EventTarget['removeEventListener']>) => {
        this.listeners -= 1;
        removeEventListener.apply(target, args);
      };
    }
  }
}

/** What tabs of one origin share. */
export interface FakeOrigin {
  readonly locks: FakeLocks | undefined;
  readonly channels: FakeChannels;
}

/** One tab: an application with its own clock, and its own end of the network. */
export class FakeTab extends FakeProcess {
  readonly document = new FakeDocument();
  readonly server: SseTestingController;
  readonly client: SseClient;
  readonly #injector: EnvironmentInjector;

  constructor(origin: FakeOrigin, features: readonly SseFeature[]) {
    super();
    this.#injector = createEnvironmentInjector(
      [
        provideSse(...features),
        provideSseTesting(),
        SseClient,
        { provide: DOCUMENT, useValue: this.document },
        { provide: SSE_LOCKS, useValue: origin.locks?.of(this) },
        { provide: SSE_BROADCAST_CHANNEL, useValue: origin.channels.of(this) },
      ],
      TestBed.inject(EnvironmentInjector),
    );
    this.server = this.#injector.get(SseTestingController);
    this.client = this.#injector.get(SseClient);
  }

  dispatch(type: 'pagehide' | 'pageshow' | 'freeze' | 'resume' | 'online' | 'visibilitychange'): void {
    const isOfDocument = type === 'freeze' || type === 'resume' || type === 'visibilitychange';
    (isOfDocument ? this.document : this.document.defaultView).dispatchEvent(new Event(type));
  }

  /** What is left of the application's timers, connections and listeners. */
  verifyNothingLeft(): void {
    this.server.verifyNothingLeft();
    if (this.document.listeners !== 0) throw new Error(`${this.document.listeners} listeners are left.`);
  }

  dispose(): void {
    this.#injector.destroy();
  }
}

/** A reader in a tab: what it got, and what was not as it must be. */
export class TabReader {
  readonly ids: number[] = [];
  readonly gaps: Gap[] = [];
  end: string | undefined;
  disorder: string | undefined;
  #last = 0;
  readonly connection: SseConnection<RunEvents>;

  constructor(
    readonly tab: FakeTab,
    url: string,
    onGap?: (gap: Gap) => Promise<void> | void,
  ) {
    this.connection = tab.client.connect<RunEvents>(url, {
      onGap: async (gap) => {
        await onGap?.(gap);
        return () => this.#placeSnapshot(gap);
      },
    });
    this.connection.messages.subscribe({
      next: ({ id }) => this.#take(Number(id)),
      error: (error: { code: string }) => (this.end = error.code),
      complete: () => (this.end = 'complete'),
    });
  }

  /** The last message that it got, or has in a snapshot. */
  get last(): number {
    return this.#last;
  }

  #take(id: number): void {
    if (id !== this.#last + 1) this.disorder ??= `After ${this.#last} came ${id}.`;
    this.#last = id;
    this.ids.push(id);
  }

  #placeSnapshot(gap: Gap): void {
    this.gaps.push(gap);
    this.#last = Number(gap.to);
  }
}
