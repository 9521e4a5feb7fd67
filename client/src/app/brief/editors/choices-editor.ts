import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { Icon } from '../../ui/icon';
import type { Option } from '../options';
import { FieldEditor } from './field-editor';

/** Any number of choices from a short list. */
@Component({
  selector: 'tl-choices-editor',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="choices" role="group" [attr.aria-labelledby]="labelId()" [attr.aria-describedby]="describedBy()">
      @for (option of options(); track option.value) {
        <label>
          <input
            type="checkbox"
            class="tl-visually-hidden"
            [checked]="value()?.includes(option.value)"
            (change)="toggle(option.value)"
          />
          <tl-icon name="check" />{{ option.label }}
        </label>
      }
    </div>
  `,
  styles: `
    .choices {
      display: flex;
      flex-wrap: wrap;
      gap: 0.5rem;
    }

    label {
      position: relative;
      display: inline-flex;
      align-items: center;
      min-height: 2.25rem;
      padding: 0.25rem 0.875rem;
      border: 1px solid var(--mat-sys-outline);
      border-radius: 999px;
      font-size: 0.9375rem;
      cursor: pointer;
    }

    label:hover {
      background: var(--mat-sys-surface-container);
    }

    tl-icon {
      display: none;
      margin-inline: -0.25rem 0.375rem;
    }

    label:has(:checked) {
      border-color: transparent;
      background: var(--mat-sys-primary-container);
      color: var(--mat-sys-on-primary-container);
      font-weight: 500;
    }

    label:has(:checked) tl-icon {
      display: inline-flex;
    }

    label:has(:focus-visible) {
      outline: 2px solid var(--mat-sys-primary);
      outline-offset: 2px;
    }
  `,
})
export class ChoicesEditor extends FieldEditor<string[]> {
  readonly options = input.required<readonly Option[]>();

  protected toggle(value: string): void {
    const chosen = new Set(this.value());
    if (!chosen.delete(value)) chosen.add(value);
    const ordered = this.options().flatMap((option) => (chosen.has(option.value) ? [option.value] : []));
    this.changed.emit(ordered.length === 0 ? undefined : ordered);
  }
}
