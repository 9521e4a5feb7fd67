import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import type { FieldFault, FieldPath } from '@throughline/strategy-contract';
import { FIELD_LABELS } from '../ui/field-labels';
import { Icon } from '../ui/icon';
import { AmountsEditor } from './editors/amounts-editor';
import { ChoicesEditor } from './editors/choices-editor';
import { LinesEditor } from './editors/lines-editor';
import { MoneyEditor } from './editors/money-editor';
import { RowsEditor } from './editors/rows-editor';
import { SingleEditor } from './editors/single-editor';
import { TextsEditor } from './editors/texts-editor';
import { TimingEditor } from './editors/timing-editor';
import { YesNoEditor } from './editors/yes-no-editor';
import { FIELD_SPECS } from './field-specs';
import type { Option } from './options';

/** One field of the brief: its name, what it improves, its editor and its faults. */
@Component({
  selector: 'tl-brief-field',
  imports: [
    AmountsEditor,
    ChoicesEditor,
    Icon,
    LinesEditor,
    MoneyEditor,
    RowsEditor,
    SingleEditor,
    TextsEditor,
    TimingEditor,
    YesNoEditor,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './brief-field.html',
  styles: `
    :host {
      display: block;
      scroll-margin-top: 6rem;
    }

    .name {
      display: flex;
      flex-wrap: wrap;
      align-items: baseline;
      gap: 0 0.625rem;
      font-weight: 600;
    }

    .required {
      font-size: 0.8125rem;
      font-weight: 500;
      color: var(--mat-sys-primary);
    }

    .improves {
      margin-bottom: 0.625rem;
      max-width: 40rem;
    }
  `,
})
export class BriefField {
  readonly path = input.required<FieldPath>();
  readonly isRequired = input(false);
  readonly value = input<unknown>();
  readonly faults = input<readonly FieldFault[]>([]);
  readonly sources = input<readonly Option[]>([]);
  readonly changed = output<unknown>();

  protected readonly label = computed(() => FIELD_LABELS[this.path()] ?? this.path());
  protected readonly spec = computed(() => FIELD_SPECS[this.path()]);
  protected readonly labelId = computed(() => `label-${this.path()}`);
  protected readonly hintId = computed(() => `hint-${this.path()}`);
  protected readonly faultId = computed(() => `fault-${this.path()}`);
  protected readonly isInvalid = computed(() => this.faults().length > 0);
  protected readonly describedBy = computed(() =>
    this.isInvalid() ? `${this.hintId()} ${this.faultId()}` : this.hintId(),
  );
  protected readonly faultLines = computed(() =>
    this.faults().map(({ path, code, message }) =>
      // The server names a missing field by its path; here it stands under its name.
      code === 'required' ? 'A run can’t start without this.' : `${placeInField(path, this.path())}${message}`,
    ),
  );

  /** Editors know the shape of their own value. */
  protected shapeOf<T>(value: unknown): T {
    return value as T;
  }
}

/** The place of a fault inside its field, as in "Entry 2, url: ". */
export function placeInField(faultPath: string, fieldPath: string): string {
  const rest = faultPath.slice(`brief.${fieldPath}`.length + 1);
  if (rest === '') return '';
  const words = rest.split('.').map((key) => (/^\d+$/.test(key) ? `Entry ${Number(key) + 1}` : key));
  return `${words.join(', ')}: `;
}
