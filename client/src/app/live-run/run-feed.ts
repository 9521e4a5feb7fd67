import { DestroyRef, Injectable, type Signal, computed, inject, signal } from '@angular/core';
import { SseClient, type SseConnection } from '@throughline/ngx-sse';
import { type Message, type RunEvents, isTerminal } from '@throughline/sse-protocol';
import { SECTION_KEYS, isRunMessageData } from '@throughline/strategy-contract';
import type { Subscription } from 'rxjs';
import { followConnection } from '../connection/follow-connection';
import { type FinishedSection, type RunState, reduceRun, stateOf, withSnapshot } from './run-state';
import { RunsApi } from './runs-api';

/** One run, live: its snapshot first, then every message of its stream folded in. Provided by the page. */
@Injectable()
export class RunFeed {
  readonly #api = inject(RunsApi);
  readonly #client = inject(SseClient);
  readonly #destroyRef = inject(DestroyRef);
  readonly #state = signal<RunState | undefined>(undefined);
  readonly #connection = signal<SseConnection<RunEvents> | undefined>(undefined);
  #subscription: Subscription | undefined;
  #wanted: string | undefined;

  readonly state: Signal<RunState | undefined> = this.#state.asReadonly();
  readonly connection = this.#connection.asReadonly();
  readonly isEnded = computed(() => {
    const state = this.#state();
    return state !== undefined && isTerminal(state.status);
  });

  constructor() {
    this.#destroyRef.onDestroy(() => this.#leave());
    followConnection(this.#connection);
  }

  /** Follows another run. Fails as reading its snapshot does. */
  async follow(runId: string): Promise<void> {
    this.#leave();
    this.#wanted = runId;
    const snapshot = await this.#api.read(runId);
    // The page may have moved on to another run, or away, while the snapshot was on its way.
    if (this.#wanted !== runId || this.#destroyRef.destroyed) return;
    this.#state.set(stateOf(snapshot));
    const connection = this.#client.connect<RunEvents>(() => `/api/v1/runs/${encodeURIComponent(runId)}/events`, {
      validate: ({ event, data }) => isRunMessageData(event, data),
      onGap: () => this.#readAgain(runId),
      destroyRef: this.#destroyRef,
    });
    this.#connection.set(connection);
    // It never errors: of a URL function, the connection's state and error say what is wrong.
    this.#subscription = connection.messages.subscribe((message) => this.#take(message));
  }

  /** Goes on after the last message: when a retry makes the same log longer, or when the live view has stopped. */
  goOn(): void {
    this.#connection()?.reconnect();
  }

  #take(message: Message<RunEvents>): void {
    this.#state.update((state) => (state === undefined ? state : reduceRun(state, message)));
  }

  /** What the server no longer has as messages comes as the snapshot, and as the document of a run that ended. */
  async #readAgain(runId: string): Promise<void> {
    const snapshot = await this.#api.read(runId);
    const sections =
      snapshot.version === undefined ? [] : await this.#sectionsOf(snapshot.strategyId, snapshot.version);
    this.#state.update((state) => {
      const next = state === undefined ? stateOf(snapshot) : withSnapshot(state, snapshot);
      return sections.length === 0 ? next : { ...next, sections };
    });
  }

  async #sectionsOf(strategyId: string, version: number): Promise<FinishedSection[]> {
    const document = await this.#api.readDocument(strategyId, version);
    return SECTION_KEYS.map((key) => ({ key, content: document[key] }));
  }

  #leave(): void {
    this.#subscription?.unsubscribe();
    this.#connection()?.close();
    this.#connection.set(undefined);
    this.#state.set(undefined);
  }
}
