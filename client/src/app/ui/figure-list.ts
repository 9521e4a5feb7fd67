import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { Figure as FigureData, Finding } from '@throughline/strategy-contract';
import { Figure } from './figure';
import { figureLabel } from './format-figure';

interface Row {
  key: string;
  label: string;
  figure: FigureData;
  /** Length of its bar, where it is one of several sides of a comparison. */
  percent?: number;
}

// "ownShare" and "competitorShare" are sides of one comparison; other shares beside each other need not be.
function sideOf(key: string, { unit, value }: FigureData): number | undefined {
  return key.endsWith('Share') && unit === 'share' && typeof value === 'number' ? value : undefined;
}

/** Figures with their names; the sides of a comparison get bars on one scale. */
export function rowsOf(figures: Finding['figures']): Row[] {
  const rows = Object.entries(figures).map(([key, figure]) => ({ key, label: figureLabel(key), figure }));
  const shares = rows.flatMap(({ key, figure }) => sideOf(key, figure) ?? []);
  const longest = Math.max(...shares);
  if (shares.length < 2 || longest <= 0) return rows;
  return rows.map((row) => {
    const share = sideOf(row.key, row.figure);
    return share === undefined ? row : { ...row, percent: (100 * share) / longest };
  });
}

/** All figures of a finding, each with its name. */
@Component({
  selector: 'tl-figure-list',
  imports: [Figure],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (rows().length > 0) {
      <dl>
        @for (row of rows(); track row.key) {
          <div [class.compared]="row.percent !== undefined">
            <dt>{{ row.label }}</dt>
            @if (row.percent !== undefined) {
              <dd class="track" aria-hidden="true"><span [style.inline-size.%]="row.percent"></span></dd>
            }
            <dd><tl-figure [figure]="row.figure" [label]="row.label" [context]="finding()" /></dd>
          </div>
        }
      </dl>
    }
  `,
  styles: `
    :host(:empty) {
      display: none;
    }

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

    .compared {
      display: grid;
      flex: 1 0 100%;
      grid-template-columns: minmax(5rem, 9rem) minmax(0, 1fr) 4.5rem;
      align-items: center;
      gap: 0.75rem;
    }

    .compared + .compared {
      margin-top: -0.5rem;
    }

    .track {
      height: 8px;
      border-radius: 8px;
      background: var(--mat-sys-surface-container-high);
      overflow: hidden;
    }

    .track span {
      display: block;
      height: 100%;
      border-radius: inherit;
      background: var(--mat-sys-primary);
    }
  `,
})
export class FigureList {
  readonly finding = input.required<Pick<Finding, 'figures' | 'method' | 'inputsUsed'>>();
  protected readonly rows = computed(() => rowsOf(this.finding().figures));
}
