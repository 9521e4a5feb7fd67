import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import type { ImportReport as Report } from '@throughline/strategy-contract';

/** What an import read, what it left out and why, with the lines. */
@Component({
  selector: 'tl-import-report',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <dl class="counts">
      <div>
        <dt>Read</dt>
        <dd>{{ report().read.toLocaleString('en') }}</dd>
      </div>
      <div>
        <dt>Kept</dt>
        <dd>{{ report().kept.toLocaleString('en') }}</dd>
      </div>
      <div>
        <dt>Left out</dt>
        <dd>{{ report().skipped.toLocaleString('en') }}</dd>
      </div>
    </dl>
    @if (report().reasons.length) {
      <ul class="reasons">
        @for (reason of report().reasons; track reason.code) {
          <li>
            <p>{{ reason.message }}</p>
            <p class="tl-small tl-quiet tl-tabular">
              {{ reason.count }} {{ reason.count === 1 ? 'time' : 'times' }}{{ lines(reason.lines, reason.count) }}
            </p>
          </li>
        }
      </ul>
    } @else {
      <p class="tl-quiet">Every row could be read.</p>
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: 1rem;
    }

    .counts {
      display: flex;
      flex-wrap: wrap;
      gap: 0.5rem 2.5rem;
    }

    dt {
      font-size: 0.8125rem;
      color: var(--mat-sys-on-surface-variant);
    }

    dd {
      font-size: 1.5rem;
      font-weight: 600;
      line-height: 1.2;
      font-variant-numeric: tabular-nums lining-nums;
    }

    .reasons {
      display: grid;
      gap: 0.75rem;
    }

    li {
      padding-inline-start: 0.875rem;
      border-inline-start: 2px solid var(--mat-sys-outline-variant);
      overflow-wrap: anywhere;
    }
  `,
})
export class ImportReport {
  readonly report = input.required<Report>();

  protected lines(lines: readonly number[], count: number): string {
    if (lines.length === 0) return '';
    return `, in ${lines.length === 1 ? 'line' : 'lines'} ${lines.join(', ')}${count > lines.length ? ' …' : ''}`;
  }
}
