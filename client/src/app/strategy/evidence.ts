import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import type { Finding } from '@throughline/strategy-contract';
import { Icon } from '../ui/icon';
import { inputText } from '../ui/input-text';
import { SourceNames } from '../ui/source-names';

const CONFIDENCE = { high: 'High', medium: 'Medium', low: 'Low' } as const;

/** How a finding was made: method, inputs, assumptions, confidence. */
@Component({
  selector: 'tl-evidence',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <details>
      <summary><tl-icon name="info" />How this was found · {{ confidence() }} confidence</summary>
      <dl>
        <dt>Method</dt>
        <dd>{{ finding().method }}</dd>
        <dt>Rests on</dt>
        <dd>
          <ul>
            @for (line of inputs(); track $index) {
              <li>{{ line }}</li>
            } @empty {
              <li>Nothing but the method</li>
            }
          </ul>
        </dd>
        @if (finding().assumptions.length) {
          <dt>Assumes</dt>
          <dd>
            <ul>
              @for (line of finding().assumptions; track $index) {
                <li>{{ line }}</li>
              }
            </ul>
          </dd>
        }
      </dl>
    </details>
  `,
  styles: `
    summary {
      display: inline-flex;
      align-items: center;
      gap: 0.375rem;
      min-height: 1.75rem;
      font-size: 0.875rem;
      color: var(--mat-sys-on-surface-variant);
      cursor: pointer;
      list-style: none;
      border-radius: 6px;
    }

    summary::-webkit-details-marker {
      display: none;
    }

    summary:hover {
      color: var(--mat-sys-primary);
    }

    dl {
      display: grid;
      gap: 0.125rem;
      margin-top: 0.5rem;
      padding-inline-start: 0.875rem;
      border-inline-start: 2px solid var(--mat-sys-outline-variant);
      font-size: 0.9375rem;
    }

    dt {
      font-size: 0.8125rem;
      font-weight: 600;
      color: var(--mat-sys-on-surface-variant);
    }

    dd {
      margin-bottom: 0.5rem;
      overflow-wrap: anywhere;
    }

    ul {
      padding-inline-start: 1.125rem;
    }
  `,
})
export class Evidence {
  readonly finding = input.required<Finding>();
  readonly #names = inject(SourceNames);

  protected readonly confidence = computed(() => CONFIDENCE[this.finding().confidence]);
  protected readonly inputs = computed(() =>
    this.finding().inputsUsed.map((line) => inputText(line, (id) => this.#names.nameOf(id))),
  );
}
