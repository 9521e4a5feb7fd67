import type { RunEvents } from '@throughline/sse-protocol';
import { Subscription } from 'rxjs';
import {
  withPollingFallback,
  withTicket,
  withTransport,
  type SseConnection,
  type SseFeature,
  type SseState,
  type SseTransport,
} from '../../index';
import { setUpClient, URL, type TestClient } from '../set-up-client';
import { ModelAnswers } from './model-answers';
import { isRefused } from './model-log';
import { ModelReader } from './model-reader';
import { ModelServer } from './model-server';

/** The longest delay of the default schedule. */
export const MAX_DELAY_MS = 30_000;

const ENDED: readonly SseState[] = ['closed', 'failed'];

/** How the client of a story is made. */
export interface Variant {
  readonly hasTickets?: boolean;
  readonly isValidated?: boolean;
  readonly features?: readonly SseFeature[];
}

/** What one story of the model happens in: a client, its page and its server. */
export class World {
  readonly test: TestClient;
  readonly server: ModelServer;
  readonly snapshots = new ModelAnswers<void>();
  readonly tickets = new ModelAnswers<string>();
  readonly reader = new ModelReader();
  readonly connection: SseConnection<RunEvents>;
  transport: SseTransport = 'auto';
  isSuspended = false;
  isClosed = false;
  #subscription: Subscription | undefined;

  constructor({ hasTickets, isValidated, features = [] }: Variant) {
    this.test = setUpClient(
      withPollingFallback({ giveUpAfterMs: Infinity }),
      withTransport(() => this.transport),
      ...(hasTickets ? [withTicket(() => this.tickets.ask())] : []),
      ...features,
    );
    this.server = new ModelServer(this.test.server);
    this.connection = this.test.client.connect<RunEvents>(URL, {
      ...(isValidated && { validate: ({ id }) => !isRefused(id) }),
      onGap: async (gap) => {
        await this.snapshots.ask();
        this.reader.bridged(gap.to);
      },
    });
  }

  get isSubscribed(): boolean {
    return this.#subscription !== undefined && !this.#subscription.closed;
  }

  get hasEnded(): boolean {
    return ENDED.includes(this.connection.state());
  }

  subscribe(): void {
    if (this.isSubscribed) return;
    const subscription = new Subscription();
    this.#subscription = subscription;
    const take = ({ event, id }: { event: string; id: string }) => {
      if (this.isClosed || this.#subscription !== subscription) this.reader.complain(`${id} came too late.`);
      if (event === 'status') this.reader.take(id); // the others carry no id of their own
    };
    subscription.add(this.connection.invalid.subscribe(take));
    const end = (state: SseState) => {
      if (this.connection.state() !== state) this.reader.complain(`The end is not that of ${this.connection.state()}.`);
      subscription.unsubscribe();
    };
    subscription.add(
      this.connection.messages.subscribe({ next: take, error: () => end('failed'), complete: () => end('closed') }),
    );
  }

  unsubscribe(): void {
    this.#subscription?.unsubscribe();
    this.#subscription = undefined;
  }

  close(): void {
    this.isClosed = true;
    this.connection.close();
  }

  /** What is not as it must always be. */
  get fault(): string | undefined {
    const { server, connection, reader } = this;
    const state = connection.state();
    const { load } = server;
    if (load > 1) return `${load} requests are under way.`;
    if (load > 0 && (this.isSuspended || this.hasEnded)) return `A request is under way, though ${state}.`;
    if (this.isSubscribed && this.hasEnded) return 'The end was not told.';
    return this.#delayFault ?? this.#errorFault ?? this.#stuck ?? reader.disorder;
  }

  get #delayFault(): string | undefined {
    const dueAt = this.connection.nextAttemptAt()?.getTime() ?? 0;
    return dueAt - this.test.server.clock.now() > MAX_DELAY_MS ? 'The delay is too long.' : undefined;
  }

  get #errorFault(): string | undefined {
    const state = this.connection.state();
    const error = this.connection.error();
    if (state === 'failed' && (!error || error.isPassing)) return `It failed for ${error?.code}.`;
    if (state === 'open' && error) return `It is open in spite of ${error.code}.`;
    if (state !== 'failed' && error && !error.isPassing) return `It is ${state} in spite of ${error.code}.`;
    return undefined;
  }

  /** Somebody listens, and nothing will ever happen. */
  get #stuck(): string | undefined {
    const { server, tickets, snapshots, test, connection } = this;
    if (!this.isSubscribed || this.isSuspended || this.hasEnded) return undefined;
    const waitsFor = server.load + tickets.pending + snapshots.pending + test.server.clock.pendingTimers;
    return waitsFor === 0 ? `It is ${connection.state()} and waits for nothing.` : undefined;
  }
}
