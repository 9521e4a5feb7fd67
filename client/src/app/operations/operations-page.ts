import { HttpClient, httpResource } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { sseResource } from '@throughline/ngx-sse';
import type { Page } from '@throughline/strategy-contract';
import { firstValueFrom } from 'rxjs';
import { ConnectionChip } from '../connection/connection-chip';
import { followConnection } from '../connection/follow-connection';
import { clockSignal } from '../ui/clock';
import { LoadError } from '../ui/load-error';
import { Loading } from '../ui/loading';
import { Notice } from '../ui/notice';
import { toProblem } from '../ui/problem';
import { timeAgo } from '../ui/times';
import {
  type Connection,
  type ConnectionEvents,
  type OpenStreams,
  foldChanges,
  isConnectionsMessage,
} from './connection-changes';

const LIST = '/api/v1/operations/connections';
/** Rows that are shown, and that each press of the button adds. */
const ROWS = 200;

/** Open streams, live, for administrators. */
@Component({
  imports: [ConnectionChip, LoadError, Loading, MatButton, Notice],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './operations-page.html',
  styleUrl: './operations-page.css',
})
export class OperationsPage {
  readonly #http = inject(HttpClient);
  protected readonly streams = sseResource<OpenStreams, ConnectionEvents>({
    url: `${LIST}/events`,
    events: ['connections'],
    validate: isConnectionsMessage,
    defaultValue: new Map(),
    reducer: (streams, { data }) => foldChanges(streams, data),
    // What is no longer told as changes, the list stands for.
    onGap: () => this.#readList(),
  });
  readonly #users = httpResource<Page<{ id: string; email: string }>>(() => '/api/v1/users?limit=200');
  /** Addresses of users by id; of those who are not among them, the id has to do. */
  readonly #emails = computed(() => {
    const users = this.#users.hasValue() ? this.#users.value().items : [];
    return new Map(users.map(({ id, email }) => [id, email] as const));
  });
  readonly #limit = signal(ROWS);
  protected readonly rows = computed(() => [...this.streams.value().values()].slice(0, this.#limit()));
  protected readonly count = computed(() => {
    const shown = this.rows().length;
    const all = this.streams.value().size;
    if (shown < all) return `The ${shown.toLocaleString('en')} oldest of ${all.toLocaleString('en')} streams`;
    return all === 1 ? '1 stream' : `${all.toLocaleString('en')} streams, the oldest first`;
  });
  protected readonly now = clockSignal(10_000);
  protected readonly failure = signal<string | undefined>(undefined);
  protected readonly done = signal('');
  protected readonly ago = timeAgo;

  constructor() {
    followConnection(() => this.streams.connection, { maybeSilent: true });
  }

  protected owner({ user }: Connection): string {
    return user === undefined ? 'nobody' : (this.#emails().get(user) ?? user);
  }

  protected showMore(): void {
    this.#limit.update((limit) => limit + ROWS);
  }

  protected async close(connection: Connection): Promise<void> {
    this.failure.set(undefined);
    try {
      await firstValueFrom(this.#http.delete(`${LIST}/${connection.id}`));
      this.done.set(`The stream of ${this.owner(connection)} was closed.`);
    } catch (error) {
      this.failure.set(toProblem(error).detail);
      return;
    }
    this.streams.update((streams) => new Map([...streams].filter(([id]) => id !== connection.id)));
  }

  async #readList(): Promise<OpenStreams> {
    const { items } = await firstValueFrom(this.#http.get<{ items: Connection[] }>(LIST));
    return new Map(items.map((connection) => [connection.id, connection]));
  }
}
