import { ChangeDetectionStrategy, Component, computed } from '@angular/core';
import { WEEKDAY_OPTIONS } from '../options';
import { ChoicesEditor } from './choices-editor';
import { FieldEditor, isHalfTyped, readNumber } from './field-editor';

/** Days of the week (1 is Monday) and an hour. */
export interface Timing {
  weekdays?: number[] | undefined;
  hour?: number | undefined;
}

/** On which days and at which hour content goes out. */
@Component({
  selector: 'tl-timing-editor',
  imports: [ChoicesEditor],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <tl-choices-editor
      [options]="weekdays"
      [labelId]="labelId()"
      [describedBy]="describedBy()"
      [value]="chosen()"
      (changed)="setDays($event)"
    />
    <label>
      <span class="tl-small tl-quiet">Hour, 0 to 23</span>
      <input
        class="tl-input"
        type="number"
        min="0"
        max="23"
        [attr.aria-invalid]="isInvalid()"
        [value]="value()?.hour ?? ''"
        (input)="setHour($event)"
      />
    </label>
  `,
  styles: `
    label {
      display: grid;
      gap: 0.25rem;
      width: 8rem;
      margin-top: 0.75rem;
    }
  `,
})
export class TimingEditor extends FieldEditor<Timing> {
  protected readonly weekdays = WEEKDAY_OPTIONS;
  protected readonly chosen = computed(() => this.value()?.weekdays?.map(String));

  protected setDays(days: string[] | undefined): void {
    this.#emit(days?.map(Number), this.value()?.hour);
  }

  protected setHour(event: Event): void {
    if (!isHalfTyped(event)) this.#emit(this.value()?.weekdays, readNumber(event));
  }

  #emit(weekdays: number[] | undefined, hour: number | undefined): void {
    const timing = { ...(weekdays && { weekdays }), ...(hour !== undefined && { hour }) };
    this.changed.emit(Object.keys(timing).length === 0 ? undefined : timing);
  }
}
