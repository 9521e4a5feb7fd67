import { computed, signal, untracked, type Signal } from '@angular/core';
import type { Cursor, EventMap, Gap, Message } from '@throughline/sse-protocol';
import { defer, Observable } from 'rxjs';
import type { SseConnection, SseConnectOptions, SseState } from '../sse-connection';
import { SseError } from '../sse-error';
import type { ReceivedMessage } from '../stream/received-message';
import type { StreamStatus } from '../stream/session-ports';
import type { SseClock } from '../tokens';
import type { InvalidMessage } from '../validation';
import { FanOut } from './fan-out';
import { FrameSignal } from './frame-signal';
import type { SharedStream, StreamReader } from './shared-stream';
import type { StreamPool } from './stream-pool';

/** What a handle is made of. */
export interface HandlePorts {
  readonly clock: SseClock;
  /** `undefined` on a server, where nothing is opened. */
  readonly pool: StreamPool | undefined;
  /** Runs what opens something outside of Angular's zone, if there is one, so that messages don't check the whole app. */
  readonly runOutside: <T>(call: () => T) => T;
  /** Whether the URL may change, so that the end of a stream is not the end of the connection. */
  readonly isMovable: boolean;
  readonly events: ReadonlySet<string>;
}

const IDLE: StreamStatus = { state: 'idle', error: undefined, attempt: 0, nextAttemptAt: undefined };

/** One caller's connection: their subscribers, their place in the stream, their signals. */
export class ConnectionHandle<E extends EventMap> implements SseConnection<E>, StreamReader {
  readonly #ports: HandlePorts;
  readonly #options: SseConnectOptions<E>;
  readonly #status = signal(IDLE);
  readonly #cursor: FrameSignal<Cursor>;
  #fanOut: FanOut<E>;
  #url: string | undefined;
  #stream: SharedStream | undefined;
  #subscribers = 0;
  #ends = 0;
  #isClosed = false;
  #onClosed: (() => void) | undefined;
  /** What {@link SseConnectOptions.onGap} leaves to do when the stream goes on after the gap. */
  readonly #placing = new WeakMap<Gap, () => void>();

  readonly messages: Observable<Message<E>> = this.#whileOpen((fanOut) => fanOut.messages);
  readonly invalid: Observable<InvalidMessage> = this.#whileOpen((fanOut) => fanOut.invalid);
  readonly state: Signal<SseState> = computed(() => this.#status().state);
  readonly isConnected: Signal<boolean> = computed(() => this.#status().state === 'open');
  readonly error: Signal<SseError | undefined> = computed(() => this.#status().error);
  readonly attempt: Signal<number> = computed(() => this.#status().attempt);
  readonly nextAttemptAt: Signal<Date | undefined> = computed(() => this.#status().nextAttemptAt);
  readonly lastEventId: Signal<string>;

  constructor(ports: HandlePorts, options: SseConnectOptions<E>) {
    this.#ports = ports;
    this.#options = options;
    this.#fanOut = new FanOut(options);
    this.#cursor = new FrameSignal(ports.clock, options.lastEventId ?? '');
    this.lastEventId = this.#cursor.signal;
  }

  on<K extends keyof E & string>(event: K): Observable<E[K]> {
    return this.#whileOpen((fanOut) => fanOut.of(event));
  }

  reconnect(): void {
    if (this.#isClosed) return;
    const stream = this.#stream;
    if (stream) return this.#ports.runOutside(() => stream.session.reconnect());
    if (this.#fanOut.hasEnded) this.#fanOut = new FanOut(this.#options);
    this.#status.set(IDLE);
    if (this.#subscribers > 0) this.#open();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#leaveStream();
    this.#status.set({ ...IDLE, state: 'closed' });
    this.#fanOut.end(undefined);
    this.#onClosed?.();
  }

  /** Calls back once when closed, to let go of what belongs to it. */
  whenClosed(onClosed: () => void): void {
    this.#onClosed = onClosed;
  }

  /** Reads another URL, or none: the first from where the options say, others from `start`, by default theirs. */
  moveTo(url: string | undefined, start?: Cursor): void {
    if (this.#isClosed || url === this.#url) return;
    if (start !== undefined || this.#url !== undefined) this.#cursor.flush(start ?? '');
    this.#leaveStream();
    this.#url = url;
    this.#status.set(IDLE);
    if (this.#subscribers > 0) this.#open();
  }

  receive(message: ReceivedMessage): void {
    // Before it is checked: what was received is never asked for again, even if it is no good.
    if (message.id !== '') this.#cursor.set(message.id);
    this.#fanOut.deliver(message);
  }

  async bridge(gap: Gap): Promise<void> {
    const { onGap } = this.#options;
    if (!onGap) {
      const error = new SseError('gap_unhandled');
      this.#leaveStream();
      return this.ended(error);
    }
    const place = await onGap(gap);
    if (place) this.#placing.set(gap, place);
  }

  bridged(gap: Gap): void {
    this.#cursor.set(gap.to);
    this.#placing.get(gap)?.();
  }

  changed(status: StreamStatus): void {
    this.#status.set(status);
  }

  ended(error: SseError | undefined): void {
    this.#ends += 1;
    this.#stream = undefined;
    this.#cursor.flush();
    this.#status.set({ ...IDLE, state: error ? 'failed' : 'closed', error });
    if (!this.#ports.isMovable) this.#fanOut.end(error);
  }

  /** An observable that keeps the stream open while it has subscribers. */
  #whileOpen<T>(choose: (fanOut: FanOut<E>) => Observable<T>): Observable<T> {
    return defer(() => {
      const source = choose(this.#fanOut);
      return new Observable<T>((subscriber) => {
        this.#subscribers += 1;
        subscriber.add(() => this.#unsubscribed());
        subscriber.add(source.subscribe(subscriber));
        if (!subscriber.closed && this.#subscribers === 1) untracked(() => this.#open());
      });
    });
  }

  #open(): void {
    const { pool, events, runOutside } = this.#ports;
    if (!pool || this.#stream || this.#url === undefined || this.#isClosed) return;
    if (this.#status().state !== 'idle') return; // ended: only reconnect() or another URL begins again
    const { transport, request: init } = this.#options;
    const request = { url: this.#url, events, start: this.#cursor.latest, transport, init };
    const ends = this.#ends;
    const stream = runOutside(() => pool.join(request, this));
    if (this.#ends === ends) this.#stream = stream; // else it has ended meanwhile
  }

  #unsubscribed(): void {
    this.#subscribers -= 1;
    if (this.#subscribers > 0) return;
    // Later, so that changing from one subscription to another in one turn does not break the connection.
    queueMicrotask(() => {
      if (this.#subscribers > 0 || !this.#stream) return;
      this.#leaveStream();
      this.#status.set(IDLE);
    });
  }

  #leaveStream(): void {
    this.#stream?.leave(this);
    this.#stream = undefined;
    this.#cursor.flush();
  }
}
