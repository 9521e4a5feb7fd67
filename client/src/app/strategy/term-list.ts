import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { inWords } from './in-words';

/** Words that describe a finding. */
@Component({
  selector: 'tl-term-list',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <ul class="terms" [attr.aria-label]="label()">
      @for (term of terms(); track $index) {
        <li class="tl-chip">{{ words(term) }}</li>
      }
    </ul>
  `,
  styles: `
    .terms {
      display: flex;
      flex-wrap: wrap;
      gap: 0.375rem;
    }
  `,
})
export class TermList {
  readonly label = input('Terms');
  readonly terms = input.required<readonly string[]>();

  protected words(term: string): string {
    return this.label() === 'Terms' ? term : inWords(term);
  }
}
