import type { EventSourceLike } from '@throughline/ngx-sse';

type Listener = (event: Event) => void;

/** An EventSource whose server is the test. It never reconnects by itself, which is what a closed one does as well. */
export class FakeEventSource implements EventSourceLike {
  /** 0 connecting, 1 open, 2 closed. */
  readyState = 0;
  /** As in the browser: the last id that came, repeated on messages without one. */
  lastEventId = '';
  readonly #listeners = new Map<string, Set<Listener>>();

  constructor(
    readonly url: string,
    readonly withCredentials: boolean,
  ) {}

  /** Listeners that are added. */
  get listenerCount(): number {
    return [...this.#listeners.values()].reduce((sum, listeners) => sum + listeners.size, 0);
  }

  addEventListener(type: string, listener: Listener): void {
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners.add(listener));
  }

  removeEventListener(type: string, listener: Listener): void {
    this.#listeners.get(type)?.delete(listener);
  }

  close(): void {
    this.readyState = 2;
  }

  dispatch(event: Event): void {
    for (const listener of this.#listeners.get(event.type) ?? []) listener(event);
  }
}
