import {
  computed,
  DestroyRef,
  ErrorHandler,
  linkedSignal,
  signal,
  untracked,
  type Injector,
  type Resource,
  type ResourceSnapshot,
  type WritableSignal,
} from '@angular/core';
import type { EventMap, Message } from '@throughline/sse-protocol';
import type { ConnectionHandle } from '../connection/connection-handle';
import { FrameTask } from '../connection/frame-signal';
import { SseClient } from '../sse-client';
import type { SseConnectOptions } from '../sse-connection';
import { SSE_CLOCK } from '../tokens';
import type { SseFoldStart, SseResourceOptions, SseResourceRef } from './sse-resource-ref';

/** Which stream; an `Error` is what the function has thrown. */
type Address = string | Error | undefined;

/** The value of a stream: what its messages fold to, and how far along that is. */
export class StreamFold<T, E extends EventMap> implements SseResourceRef<T, E> {
  readonly #options: SseResourceOptions<T, E>;
  readonly #injector: Injector;
  /** Set once closed: the address no longer changes. */
  readonly #last = signal<{ readonly address: Address } | undefined>(undefined);
  readonly #address = computed(() => {
    const last = this.#last();
    return last ? last.address : this.#readAddress();
  });
  /** Begins anew as soon as the address changes, so that nobody ever reads the value of another stream. */
  readonly #state = linkedSignal<ResourceSnapshot<T>>(() => {
    const address = this.#address();
    if (address instanceof Error) return { status: 'error', error: address };
    return { status: address === undefined ? 'idle' : 'loading', value: this.#startOf(address).value };
  });
  readonly #frame: FrameTask;
  /** What the messages so far fold to: ahead of the state by a frame at most. */
  #latest: T;
  /** Where the connection was moved to: behind the address until the effect runs. */
  #begun: Address;

  readonly connection: ConnectionHandle<E>;
  readonly snapshot = this.#state.asReadonly();
  readonly status = computed(() => this.#state().status);
  readonly isLoading = computed(() => this.status().endsWith('loading'));
  readonly error = computed(() => {
    const state = this.#state();
    return state.status === 'error' ? state.error : undefined;
  });
  readonly value: WritableSignal<T>;
  readonly #hasValue = computed(() => !this.error() && this.value() !== undefined);

  constructor(options: SseResourceOptions<T, E>, injector: Injector) {
    this.#options = options;
    this.#injector = injector;
    this.#latest = options.defaultValue;
    this.value = this.#createValue();
    this.#frame = new FrameTask(injector.get(SSE_CLOCK), () => this.#isStale || this.#show('resolved'));
    this.connection = injector.get(SseClient).createHandle(
      this.#connectOptions(),
      () => this.#follow(),
      () => this.#freeze(),
    );
    this.connection.messages.subscribe((message) => this.#fold(message));
  }

  hasValue(): this is SseResourceRef<Exclude<T, undefined>, E> {
    return this.#hasValue();
  }

  set(value: T): void {
    const last = untracked(this.#last);
    if (last && last.address === undefined) return; // destroyed
    this.#latest = value;
    this.#show('local');
  }

  update(updater: (value: T) => T): void {
    this.#frame.flush();
    this.set(updater(untracked(this.value)));
  }

  asReadonly(): Resource<T> {
    return this;
  }

  reload(): boolean {
    if (untracked(this.#last) || untracked(this.isLoading) || this.#isStale || typeof this.#begun !== 'string') {
      return false;
    }
    this.#show('reloading');
    this.#begin(this.#begun, false);
    return true;
  }

  destroy(): void {
    this.#last.set({ address: undefined });
    this.connection.close();
  }

  /** Whether the address has changed since the connection was moved: what still comes is of another stream. */
  get #isStale(): boolean {
    return untracked(this.#address) !== this.#begun;
  }

  #readAddress(): Address {
    const { url } = this.#options;
    try {
      return typeof url === 'function' ? url() : url;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  #startOf(address: Address): SseFoldStart<T> {
    const { start, defaultValue } = this.#options;
    if (start && typeof address === 'string') return untracked(() => start(address));
    return { value: defaultValue, lastEventId: '' };
  }

  #createValue(): WritableSignal<T> {
    const read = computed(() => {
      const state = this.#state();
      if (state.status === 'error') throw new Error(state.error.message, { cause: state.error });
      return state.value;
    });
    return Object.assign(computed(read), {
      set: (value: T) => this.set(value),
      update: (updater: (value: T) => T) => this.update(updater),
      asReadonly: () => read,
    }) as WritableSignal<T>;
  }

  #connectOptions(): SseConnectOptions<E> {
    const { onGap } = this.#options;
    return {
      ...this.#options,
      destroyRef: this.#injector.get(DestroyRef),
      onGap:
        onGap &&
        (async (gap) => {
          const value = await onGap(gap, this.#latest);
          return () => {
            this.#latest = value;
            this.#frame.request();
          };
        }),
    };
  }

  /** Moves the connection to where the address points, and heeds how it is doing; again whenever either changes. */
  #follow(): void {
    const address = this.#address();
    this.connection.state();
    this.connection.error();
    untracked(() => {
      if (address === this.#begun) this.#heed();
      // What was set since the address changed is what to go on from.
      else this.#begin(address, this.status() === 'local');
    });
  }

  /** Keeps the value for good. */
  #freeze(): void {
    if (!untracked(this.#last)) this.#last.set({ address: this.#begun });
    if (untracked(this.isLoading)) this.#frame.request();
    this.#frame.flush();
  }

  #begin(address: Address, isKept: boolean): void {
    const { value, lastEventId } = this.#startOf(address);
    this.#frame.cancel();
    this.#begun = address;
    if (!isKept) this.#latest = value;
    this.connection.moveTo(undefined);
    if (typeof address === 'string') this.connection.moveTo(address, lastEventId);
  }

  #heed(): void {
    const state = this.connection.state();
    const error = this.connection.error();
    if (error && state === 'failed') {
      this.#frame.cancel();
      this.#state.set({ status: 'error', error });
    } else if (state === 'open' || state === 'closed' || (state === 'polling' && !error)) {
      // Whatever there is to come at once comes within the frame, and is shown with it.
      if (this.isLoading() || this.error()) this.#frame.request();
    } else if (this.error() && state !== 'idle') {
      this.#show('reloading'); // by connection.reconnect(); it is idle where the address could not be read
    }
  }

  #fold(message: Message<E>): void {
    try {
      this.#latest = this.#options.reducer(this.#latest, message);
    } catch (cause) {
      const text = `The reducer failed on message ${message.id} (${message.event}).`;
      return this.#injector.get(ErrorHandler).handleError(new Error(text, { cause }));
    }
    this.#frame.request();
  }

  #show(status: 'resolved' | 'reloading' | 'local'): void {
    this.#frame.cancel();
    this.#state.set({ status, value: this.#latest });
  }
}
