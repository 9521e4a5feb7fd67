import { effect, untracked, type EnvironmentInjector } from '@angular/core';
import { SIGNAL, type SignalNode } from '@angular/core/primitives/signals';
import type { SseClient, SseConnection, SseConnectOptions, SseError } from '@throughline/ngx-sse';
import { Subscription } from 'rxjs';
import type { ConnectionRecord, ConnectionReport, PageConnectOptions, PageOptions } from '../page-api';

type Events = Record<string, unknown>;
type OnGap = NonNullable<SseConnectOptions<Events>['onGap']>;

/** A connection of the library, and everything that it did. */
export class RecordedConnection {
  readonly connection: SseConnection<Events>;
  readonly #keeps: boolean;
  readonly #effect;
  readonly #record: ConnectionRecord = { count: 0, messages: [], states: [], invalid: [], gaps: [], end: undefined };
  #subscription = new Subscription();

  constructor(
    readonly name: string,
    url: string,
    client: SseClient,
    injector: EnvironmentInjector,
    { options = {}, record = 'all' }: PageConnectOptions,
  ) {
    this.#keeps = record === 'all';
    this.connection = client.connect<Events>(url, this.#read(options));
    this.#effect = effect(() => this.#takeState(), { injector, manualCleanup: true });
    this.resume();
  }

  get count(): number {
    return this.#record.count;
  }

  pause(): void {
    this.#subscription.unsubscribe();
  }

  resume(): void {
    this.#subscription.unsubscribe();
    // One that holds both: adding one to the other would end it with the other.
    this.#subscription = new Subscription();
    this.#subscription.add(
      this.connection.invalid.subscribe(({ event, id, reason }) => this.#record.invalid.push({ event, id, reason })),
    );
    this.#subscription.add(
      this.connection.messages.subscribe({
        next: ({ event, id, data }) => {
          this.#record.count += 1;
          if (this.#keeps) this.#record.messages.push({ event, id, data, at: Date.now() });
        },
        complete: () => (this.#record.end = 'completed'),
        error: (error: SseError) => (this.#record.end = error.code),
      }),
    );
  }

  /** Closes it and lets go of it. */
  dispose(): void {
    this.connection.close();
    this.#subscription.unsubscribe();
    this.#effect.destroy();
  }

  report(): ConnectionReport {
    const { state, error, lastEventId, attempt, nextAttemptAt } = this.connection;
    return {
      ...this.#record,
      state: state(),
      error: error()?.code,
      lastEventId: lastEventId(),
      lastEventIdWrites: (lastEventId as unknown as Record<typeof SIGNAL, SignalNode<string>>)[SIGNAL].version,
      attempt: attempt(),
      nextAttemptAt: nextAttemptAt()?.getTime(),
    };
  }

  #takeState(): void {
    const state = this.connection.state();
    const error = this.connection.error()?.code;
    const attempt = untracked(this.connection.attempt);
    this.#record.states.push({ state, error, attempt, at: Date.now() });
  }

  #read({ events, lastEventId, validate, onGap }: PageOptions): SseConnectOptions<Events> {
    return {
      ...(events && { events }),
      ...(lastEventId !== undefined && { lastEventId }),
      ...(validate && { validate: ({ data }) => (data as { readonly bad?: boolean } | null)?.bad !== true }),
      ...(onGap && { onGap: this.#bridge(onGap) }),
    };
  }

  #bridge(how: NonNullable<PageOptions['onGap']>): OnGap {
    return async ({ reason, from, to, snapshot }) => {
      const seen = { reason, from, to, snapshot, afterMessages: this.#record.count, at: Date.now() };
      const body = how === 'fetch' ? await fetchText(snapshot) : undefined;
      this.#record.gaps.push({ ...seen, body });
      if (how === 'fail') throw new Error('The snapshot is refused, as the spec wants.');
    };
  }
}

async function fetchText(url: string): Promise<string> {
  const response = await fetch(url, { cache: 'no-store' });
  if (!response.ok) throw new Error(`The snapshot was answered with ${response.status}.`);
  return response.text();
}
