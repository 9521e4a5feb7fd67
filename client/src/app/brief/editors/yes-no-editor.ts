import { ChangeDetectionStrategy, Component } from '@angular/core';
import { FieldEditor } from './field-editor';

let count = 0;

/** Yes, no, or no answer. */
@Component({
  selector: 'tl-yes-no-editor',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="answers" role="radiogroup" [attr.aria-labelledby]="labelId()" [attr.aria-describedby]="describedBy()">
      @for (answer of answers; track answer.label) {
        <label>
          <input
            type="radio"
            [name]="name"
            [checked]="value() === answer.value"
            (change)="changed.emit(answer.value)"
          />{{ answer.label }}
        </label>
      }
    </div>
  `,
  styles: `
    .answers {
      display: flex;
      flex-wrap: wrap;
      gap: 0.25rem 1.25rem;
    }

    label {
      display: inline-flex;
      align-items: center;
      gap: 0.5rem;
      min-height: 2.5rem;
      cursor: pointer;
    }

    input {
      width: 1.125rem;
      height: 1.125rem;
      accent-color: var(--mat-sys-primary);
    }
  `,
})
export class YesNoEditor extends FieldEditor<boolean> {
  protected readonly name = `tl-yes-no-${++count}`;
  protected readonly answers = [
    { label: 'Yes', value: true },
    { label: 'No', value: false },
    { label: 'No answer', value: undefined },
  ];
}
