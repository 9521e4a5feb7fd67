import { isPlatformBrowser } from '@angular/common';
import {
  DestroyRef,
  DOCUMENT,
  effect,
  inject,
  Injectable,
  Injector,
  NgZone,
  PLATFORM_ID,
  runInInjectionContext,
  untracked,
} from '@angular/core';
import type { EventMap, RunEvents } from '@throughline/sse-protocol';
import { SSE_CONFIG } from './sse-config';
import { ConnectionHandle } from './connection/connection-handle';
import { PageLife } from './connection/page-life';
import { StreamPool } from './connection/stream-pool';
import type { SseConnection, SseConnectOptions } from './sse-connection';
import type { StreamPorts } from './stream/session-ports';
import { SSE_CLOCK, SSE_EVENT_SOURCE, SSE_FETCH, SSE_RANDOM } from './tokens';
import type { AnyMessage, EventsOf, MessageParser } from './validation';

/** Names listened to where `events` does not say otherwise: a run's, and the name of messages without one. */
const DEFAULT_EVENTS: ReadonlySet<string> = new Set<keyof RunEvents | 'message'>([
  'status',
  'progress',
  'educational',
  'section',
  'delta',
  'complete',
  'error',
  'message',
]);

/** Opens event streams. Who reads the same URL shares one connection. */
@Injectable({ providedIn: 'root' })
export class SseClient {
  readonly #injector = inject(Injector);
  readonly #destroyRef = inject(DestroyRef);
  readonly #clock = inject(SSE_CLOCK);
  readonly #zone = inject(NgZone);
  readonly #pool = isPlatformBrowser(inject(PLATFORM_ID)) ? this.#createPool() : undefined;
  readonly #handles = new Set<{ close(): void }>();

  /**
   * Makes a connection, which opens with its first subscription. A function is read as a reactive computation: whenever
   * its URL changes, the connection moves to the start of the other stream; `undefined` is no stream.
   *
   * Called in an injection context, or with `destroyRef`, the connection is closed with it; else with the application.
   *
   * The events are those of `E`, or, where `validate` yields messages, theirs.
   */
  connect<M extends AnyMessage>(
    url: string | (() => string | undefined),
    options: Omit<SseConnectOptions<EventsOf<M>>, 'validate'> & { readonly validate: MessageParser<M> },
  ): SseConnection<EventsOf<M>>;
  connect<E extends EventMap = RunEvents>(
    url: string | (() => string | undefined),
    options?: SseConnectOptions<E>,
  ): SseConnection<E>;
  connect<E extends EventMap>(
    url: string | (() => string | undefined),
    options: SseConnectOptions<E> = {},
  ): SseConnection<E> {
    if (typeof url === 'function') {
      return this.createHandle(options, (handle) => {
        const next = url();
        untracked(() => handle.moveTo(next));
      });
    }
    const handle = this.createHandle(options);
    handle.moveTo(url);
    return handle;
  }

  /**
   * @internal A connection that `follow` moves, again whenever a signal changes that it reads, but never on a server;
   * without it, the caller moves it once. `closed` is called last.
   */
  createHandle<E extends EventMap>(
    options: SseConnectOptions<E>,
    follow?: (handle: ConnectionHandle<E>) => void,
    closed?: () => void,
  ): ConnectionHandle<E> {
    const handle = new ConnectionHandle<E>(
      {
        clock: this.#clock,
        pool: this.#pool,
        isMovable: follow !== undefined,
        events: options.events ? new Set(options.events) : DEFAULT_EVENTS,
        runOutside: (call) => this.#zone.runOutsideAngular(call),
      },
      options,
    );
    const destroyRef = options.destroyRef ?? currentDestroyRef() ?? this.#destroyRef;
    const unregister = destroyRef.onDestroy(() => handle.close());
    // Of the root, not of a component, so that it runs whether or not a view is being checked.
    const settings = { injector: this.#injector, manualCleanup: true };
    const following = follow && this.#pool && untracked(() => effect(() => follow(handle), settings));
    this.#handles.add(handle);
    handle.whenClosed(() => {
      this.#handles.delete(handle);
      unregister();
      following?.destroy();
      closed?.();
    });
    return handle;
  }

  /** Closes every connection, for example on signing out. */
  closeAll(): void {
    this.#pool?.signOut();
    const handles = Array.from(this.#handles); // a subscriber may connect anew when told of the end
    for (const handle of handles) handle.close();
  }

  #createPool(): StreamPool {
    const pageLife = new PageLife(inject(DOCUMENT));
    const ports: StreamPorts = {
      config: inject(SSE_CONFIG),
      clock: this.#clock,
      random: inject(SSE_RANDOM),
      eventSource: inject(SSE_EVENT_SOURCE),
      fetch: inject(SSE_FETCH),
      run: (call) => this.#runUntracked(call),
      isOnline: () => pageLife.isOnline,
    };
    return new StreamPool(ports, pageLife);
  }

  /** Callers' functions may inject, and what they read must not become a dependency of whoever subscribes. */
  #runUntracked<T>(call: () => T): T {
    return untracked(() => runInInjectionContext(this.#injector, call));
  }
}

function currentDestroyRef(): DestroyRef | undefined {
  try {
    return inject(DestroyRef);
  } catch {
    return undefined; // not in an injection context
  }
}
