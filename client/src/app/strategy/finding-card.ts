import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { Finding } from '@throughline/strategy-contract';
import { FigureList } from '../ui/figure-list';
import { Evidence } from './evidence';
import { inWords } from './in-words';

/** One statement of the strategy; what its section adds comes as content. */
@Component({
  selector: 'tl-finding-card',
  imports: [Evidence, FigureList],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'tl-card' },
  template: `
    <article [attr.aria-labelledby]="titleId()">
      <header>
        @if (tag(); as text) {
          <span class="tl-eyebrow">{{ text }}</span>
        }
        <h3 [id]="titleId()">{{ finding().title }}</h3>
      </header>
      <p>{{ finding().why }}</p>
      <tl-figure-list [finding]="finding()" />
      <ng-content />
      <tl-evidence [finding]="finding()" />
    </article>
  `,
  styles: `
    :host {
      display: block;
      padding: 1.25rem 1.375rem 1rem;
    }

    article {
      display: flex;
      flex-direction: column;
      gap: 0.875rem;
      height: 100%;
    }

    tl-evidence {
      margin-top: auto;
    }

    header {
      display: grid;
      gap: 0.25rem;
    }

    h3 {
      overflow-wrap: anywhere;
    }

    p {
      max-width: 46rem;
    }
  `,
})
export class FindingCard {
  readonly finding = input.required<Finding>();
  /** Says what kind it is; by default the finding's own kind, if its section has more than one. */
  readonly kind = input<string>();

  protected readonly titleId = computed(() => `finding-${this.finding().id}`);
  protected readonly tag = computed(() => {
    const kind = this.kind();
    return kind === undefined ? undefined : inWords(kind);
  });
}
