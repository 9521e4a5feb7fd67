import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { BudgetFinding } from '@throughline/strategy-contract';
import { Figure } from '../ui/figure';
import { figureLabel } from '../ui/format-figure';
import { FindingCard } from './finding-card';

/** Lines of the budget as a table, totals as cards. */
@Component({
  selector: 'tl-budget-table',
  imports: [Figure, FindingCard],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @for (total of totals(); track total.id) {
      <tl-finding-card [finding]="total" />
    }
    @if (lines().length) {
      <div class="tl-table-scroll" tabindex="0" role="group" aria-label="Lines of the budget">
        <table class="tl-table">
          <thead>
            <tr>
              <th scope="col">Line</th>
              @for (key of keys(); track key) {
                <th scope="col" class="tl-number">{{ label(key) }}</th>
              }
            </tr>
          </thead>
          <tbody>
            @for (line of lines(); track line.id) {
              <tr>
                <td>
                  {{ line.title }}
                  <p class="tl-small tl-quiet">{{ line.why }}</p>
                </td>
                @for (key of keys(); track key) {
                  <td class="tl-number">
                    @if (line.figures[key]; as figure) {
                      <tl-figure [figure]="figure" [label]="line.title + ', ' + label(key)" [context]="line" />
                    }
                  </td>
                }
              </tr>
            }
          </tbody>
        </table>
      </div>
    }
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: 1rem;
    }

    td:first-child {
      min-width: 14rem;
    }
  `,
})
export class BudgetTable {
  readonly findings = input.required<readonly BudgetFinding[]>();
  protected readonly totals = computed(() => this.findings().filter(({ kind }) => kind === 'total'));
  protected readonly lines = computed(() => this.findings().filter(({ kind }) => kind === 'line'));
  protected readonly keys = computed(() => [...new Set(this.lines().flatMap(({ figures }) => Object.keys(figures)))]);
  protected readonly label = figureLabel;
}
