import { ChangeDetectionStrategy, Component, effect, inject, input, signal, untracked } from '@angular/core';
import { Router } from '@angular/router';
import { StrategiesApi } from '../strategies/strategies-api';
import { LoadError } from '../ui/load-error';
import { Loading } from '../ui/loading';

/** Leads to the newest version of a strategy, or to its brief while there is none. */
@Component({
  imports: [LoadError, Loading],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="tl-page">
      <h1 class="tl-visually-hidden">Strategy</h1>
      @if (failure()) {
        <tl-load-error [error]="failure()" (retry)="go(id())" />
      } @else {
        <tl-loading label="Loading the strategy" />
      }
    </div>
  `,
})
export class LatestVersionPage {
  readonly id = input.required<string>();
  readonly #api = inject(StrategiesApi);
  readonly #router = inject(Router);
  protected readonly failure = signal<unknown>(undefined);

  constructor() {
    effect(() => {
      const id = this.id();
      untracked(() => void this.go(id));
    });
  }

  protected async go(id: string): Promise<void> {
    this.failure.set(undefined);
    try {
      const { latestVersion } = await this.#api.read(id);
      const rest = latestVersion === undefined ? ['brief'] : ['versions', latestVersion];
      await this.#router.navigate(['/strategies', id, ...rest], { replaceUrl: true });
    } catch (error) {
      this.failure.set(error);
    }
  }
}
