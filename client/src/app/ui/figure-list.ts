import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { Finding } from '@throughline/strategy-contract';
import { Figure } from './figure';
import { figureLabel } from './format-figure';

/** All figures of a finding, each with its name. */
@Component({
  selector: 'tl-figure-list',
  imports: [Figure],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (rows().length > 0) {
      <dl>
        @for (row of rows(); track row.key) {
          <div>
            <dt>{{ row.label }}</dt>
            <dd><tl-figure [figure]="row.figure" [label]="row.label" [context]="finding()" /></dd>
          </div>
        }
      </dl>
    }
  `,
  styles: `
    dl {
      display: flex;
      flex-wrap: wrap;
      gap: 0.75rem 1.75rem;
    }

    dt {
      font-size: 0.8125rem;
      color: var(--mat-sys-on-surface-variant);
    }

    dd {
      font-size: 1.0625rem;
    }
  `,
})
export class FigureList {
  readonly finding = input.required<Pick<Finding, 'figures' | 'method' | 'inputsUsed'>>();
  protected readonly rows = computed(() =>
    Object.entries(this.finding().figures).map(([key, figure]) => ({ key, label: figureLabel(key), figure })),
  );
}
