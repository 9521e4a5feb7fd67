import { httpResource } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, effect, inject, signal } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { RouterLink } from '@angular/router';
import type { ContentSource, Page } from '@throughline/strategy-contract';
import { confirmWith } from '../ui/confirm-dialog';
import { Icon } from '../ui/icon';
import { LoadError } from '../ui/load-error';
import { Loading } from '../ui/loading';
import { Notice } from '../ui/notice';
import { toProblem } from '../ui/problem';
import { ContentApi } from './content-api';
import { ImportForm } from './import-form';
import { ImportReport } from './import-report';
import { datesOf } from './source-dates';

/** Imported content: what there is, and how more comes in. */
@Component({
  imports: [Icon, ImportForm, ImportReport, LoadError, Loading, MatIconButton, Notice, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './content-page.html',
  styleUrl: './content-page.css',
})
export class ContentPage {
  readonly #api = inject(ContentApi);
  readonly #dialog = inject(MatDialog);

  protected readonly list = httpResource<Page<ContentSource>>(() => '/api/v1/content-sources?limit=100');
  /** Kept while the list is read again. */
  protected readonly items = signal<readonly ContentSource[] | undefined>(undefined);
  protected readonly latest = signal<ContentSource | undefined>(undefined);
  protected readonly failure = signal<string | undefined>(undefined);
  protected readonly dates = datesOf;

  constructor() {
    effect(() => {
      if (this.list.hasValue()) this.items.set(this.list.value().items);
    });
  }

  protected take(source: ContentSource): void {
    this.latest.set(source);
    this.list.reload();
  }

  protected async delete(source: ContentSource): Promise<void> {
    const isSure = await confirmWith(this.#dialog, {
      title: `Remove “${source.name}”?`,
      text: 'Strategies that were made from it stay as they are; the next ones are made without it.',
      action: 'Remove',
    });
    if (!isSure) return;
    this.failure.set(undefined);
    try {
      await this.#api.delete(source.id);
      if (this.latest()?.id === source.id) this.latest.set(undefined);
      this.list.reload();
    } catch (error) {
      this.failure.set(toProblem(error).detail);
    }
  }
}
