import type { EventSourceLike } from '@throughline/ngx-sse';
import type { TestFrame, TestRequest, TestSource } from './test-source';

type Listener = (event: Event) => void;

/** Told of a status that an EventSource hides. */
export type Refusal = (url: string, status: number, headers: Readonly<Record<string, string>>) => void;

const PHASES = ['connecting', 'open', 'closed'] as const;

/** An EventSource whose server is the test. It never reconnects by itself, which is what a closed one does as well. */
export class FakeEventSource implements EventSourceLike, TestSource {
  /** 0 connecting, 1 open, 2 closed. */
  readyState: 0 | 1 | 2 = 0;
  readonly request: TestRequest = { method: 'GET', headers: {}, body: null };
  /** As in the browser: the last id that came, repeated on messages without one. */
  #lastEventId = '';
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #refused: Refusal;

  constructor(
    readonly url: string,
    readonly withCredentials: boolean,
    refused: Refusal,
  ) {
    this.#refused = refused;
  }

  get phase(): TestSource['phase'] {
    return PHASES[this.readyState];
  }

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

  accept(): void {
    this.readyState = 1;
    this.#dispatch(new Event('open'));
  }

  send({ event, id, data }: TestFrame): void {
    if (id !== undefined) this.#lastEventId = id;
    this.#dispatch(new MessageEvent(event ?? 'message', { data, lastEventId: this.#lastEventId }));
  }

  comment(): void {}

  retry(): void {}

  write(): void {
    throw new Error('An EventSource gets messages, not text; use `message`, `raw` or `control`.');
  }

  end(): void {
    this.#lose(0);
  }

  refuse(status: number | undefined, headers: Readonly<Record<string, string>>): void {
    if (status !== undefined) this.#refused(this.url, status, headers);
    this.#lose(2);
  }

  #lose(readyState: 0 | 2): void {
    this.readyState = readyState;
    this.#dispatch(new Event('error'));
  }

  #dispatch(event: Event): void {
    for (const listener of this.#listeners.get(event.type) ?? []) listener(event);
  }
}
