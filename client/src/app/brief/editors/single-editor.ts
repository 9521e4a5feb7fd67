import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { Editor } from '../field-specs';
import { type Option, countryOptions } from '../options';
import { FieldEditor, isHalfTyped, readNumber, readText } from './field-editor';

type Single = Extract<Editor, { kind: 'text' | 'number' | 'date' | 'choice' | 'country' }>;

/** A field that is one text, number, day or choice. */
@Component({
  selector: 'tl-single-editor',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (options(); as choices) {
      <select
        class="tl-input"
        [class.narrow]="true"
        [attr.aria-labelledby]="labelId()"
        [attr.aria-describedby]="describedBy()"
        [attr.aria-invalid]="isInvalid()"
        (change)="changed.emit(readText($event))"
      >
        <option value="" [selected]="value() === undefined">Choose…</option>
        @for (option of choices; track option.value) {
          <option [value]="option.value" [selected]="option.value === value()">{{ option.label }}</option>
        }
      </select>
    } @else {
      <div class="one" [class.narrow]="spec().kind !== 'text'">
        <input
          class="tl-input"
          [type]="spec().kind"
          [attr.min]="limits()?.min"
          [attr.max]="limits()?.max"
          [attr.step]="limits() ? 'any' : null"
          [attr.inputmode]="limits() ? 'decimal' : null"
          [attr.placeholder]="placeholder()"
          [attr.aria-labelledby]="labelId()"
          [attr.aria-describedby]="describedBy()"
          [attr.aria-invalid]="isInvalid()"
          [value]="value() ?? ''"
          (input)="take($event)"
        />
        @if (limits()?.unit; as unit) {
          <span class="tl-quiet">{{ unit }}</span>
        }
      </div>
    }
  `,
  styles: `
    .one {
      display: flex;
      align-items: center;
      gap: 0.625rem;
    }

    .narrow {
      max-width: 18rem;
    }
  `,
})
export class SingleEditor extends FieldEditor<string | number> {
  readonly spec = input.required<Single>();

  protected readonly readText = readText;
  protected readonly options = computed((): readonly Option[] | undefined => {
    const spec = this.spec();
    if (spec.kind === 'choice') return spec.options;
    return spec.kind === 'country' ? countryOptions() : undefined;
  });
  protected readonly limits = computed(() => {
    const spec = this.spec();
    return spec.kind === 'number' ? spec : undefined;
  });
  protected readonly placeholder = computed(() => {
    const spec = this.spec();
    return 'placeholder' in spec ? (spec.placeholder ?? null) : null;
  });

  protected take(event: Event): void {
    if (isHalfTyped(event)) return;
    this.changed.emit(this.limits() ? readNumber(event) : readText(event));
  }
}
