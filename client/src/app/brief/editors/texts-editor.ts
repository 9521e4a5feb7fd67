import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import type { Option } from '../options';
import { FieldEditor, readText } from './field-editor';

type Texts = Record<string, string>;

let count = 0;

/** One text for each of a few fixed names, as for the stages of the buying journey. */
@Component({
  selector: 'tl-texts-editor',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="texts" role="group" [attr.aria-labelledby]="labelId()" [attr.aria-describedby]="describedBy()">
      @for (option of options(); track option.value) {
        <div>
          <label class="tl-small tl-quiet" [for]="id + option.value">{{ option.label }}</label>
          <textarea
            class="tl-input"
            rows="2"
            [id]="id + option.value"
            [value]="value()?.[option.value] ?? ''"
            (input)="change(option.value, $event)"
          ></textarea>
        </div>
      }
    </div>
  `,
  styles: `
    .texts {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr));
      gap: 0.75rem;
    }

    label {
      display: block;
      margin-bottom: 0.25rem;
    }
  `,
})
export class TextsEditor extends FieldEditor<Texts> {
  readonly options = input.required<readonly Option[]>();
  protected readonly id = `tl-texts-${++count}-`;

  protected change(name: string, event: Event): void {
    const { [name]: _old, ...others } = this.value() ?? {};
    const text = readText(event);
    const texts = text === undefined ? others : { ...others, [name]: text };
    this.changed.emit(Object.keys(texts).length === 0 ? undefined : texts);
  }
}
