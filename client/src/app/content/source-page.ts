import { ChangeDetectionStrategy, Component, effect, inject, input, signal, untracked } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { Title } from '@angular/platform-browser';
import { RouterLink } from '@angular/router';
import type { ContentItem, ContentSourceWithItems } from '@throughline/strategy-contract';
import { Icon } from '../ui/icon';
import { LoadError } from '../ui/load-error';
import { Loading } from '../ui/loading';
import { formatDay } from '../ui/times';
import { ContentApi } from './content-api';
import { ImportReport } from './import-report';
import { datesOf } from './source-dates';

/** One source: its report and its items, a page at a time. */
@Component({
  imports: [Icon, ImportReport, LoadError, Loading, MatButton, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './source-page.html',
  styles: `
    .back {
      display: inline-flex;
      align-items: center;
      gap: 0.25rem;
      margin-bottom: 0.75rem;
      font-size: 0.9375rem;
    }

    h1 {
      overflow-wrap: anywhere;
    }

    .report {
      margin-bottom: 2rem;
      padding: 1.25rem 1.375rem;
    }

    .what {
      min-width: 14rem;
      overflow-wrap: anywhere;
    }

    .day {
      white-space: nowrap;
    }

    .more {
      margin-top: 1rem;
    }
  `,
})
export class SourcePage {
  readonly id = input.required<string>();
  readonly #api = inject(ContentApi);
  readonly #title = inject(Title);

  protected readonly source = signal<ContentSourceWithItems | undefined>(undefined);
  protected readonly items = signal<readonly ContentItem[]>([]);
  protected readonly nextCursor = signal<string | undefined>(undefined);
  protected readonly failure = signal<unknown>(undefined);
  protected readonly isBusy = signal(false);
  protected readonly day = formatDay;
  protected readonly dates = datesOf;

  constructor() {
    effect(() => {
      this.id();
      untracked(() => {
        this.source.set(undefined);
        this.items.set([]);
        this.nextCursor.set(undefined);
        void this.readPage();
      });
    });
  }

  protected async readPage(): Promise<void> {
    this.isBusy.set(true);
    this.failure.set(undefined);
    try {
      const page = await this.#api.read(this.id(), this.nextCursor());
      this.source.set(page);
      this.items.update((items) => [...items, ...page.items]);
      this.nextCursor.set(page.nextCursor);
      this.#title.setTitle(`${page.name} · Content – Throughline`);
    } catch (error) {
      this.failure.set(error);
    } finally {
      this.isBusy.set(false);
    }
  }
}
