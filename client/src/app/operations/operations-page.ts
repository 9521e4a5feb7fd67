import { HttpClient, httpResource } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { Page } from '@throughline/strategy-contract';
import { firstValueFrom } from 'rxjs';
import { clockSignal } from '../ui/clock';
import { LoadError } from '../ui/load-error';
import { Loading } from '../ui/loading';
import { Notice } from '../ui/notice';
import { toProblem } from '../ui/problem';
import { timeAgo } from '../ui/times';

/** One open stream, as the API shows it. */
interface Connection {
  id: string;
  /** Absent where nobody is signed in. */
  user?: string;
  channels: string[];
  since: string;
  cursor: string;
  bytesQueued: number;
}

/** Open streams, for administrators. */
@Component({
  imports: [LoadError, Loading, MatButton, Notice],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './operations-page.html',
  styles: `
    .notice {
      margin-bottom: 1rem;
    }

    td {
      overflow-wrap: anywhere;
    }

    .nowrap {
      white-space: nowrap;
    }
  `,
})
export class OperationsPage {
  readonly #http = inject(HttpClient);
  protected readonly list = httpResource<Page<Connection>>(() => '/api/v1/operations/connections');
  protected readonly now = clockSignal(10_000);
  protected readonly failure = signal<string | undefined>(undefined);
  protected readonly done = signal('');
  protected readonly ago = timeAgo;

  protected owner({ user }: Connection): string {
    return user ?? 'nobody';
  }

  protected async close(connection: Connection): Promise<void> {
    this.failure.set(undefined);
    try {
      await firstValueFrom(this.#http.delete(`/api/v1/operations/connections/${connection.id}`));
      this.done.set(`The stream of ${this.owner(connection)} was closed.`);
      this.list.reload();
    } catch (error) {
      this.failure.set(toProblem(error).detail);
    }
  }
}
