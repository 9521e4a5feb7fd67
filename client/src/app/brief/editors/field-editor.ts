import { Directive, input, output } from '@angular/core';

/** What all editors of a field share: how they are named and described for those who hear the page. */
@Directive()
export abstract class FieldEditor<T> {
  readonly value = input<T | undefined>();
  /** Id of the element that names the field. */
  readonly labelId = input.required<string>();
  /** Ids of what the field improves and of its faults. */
  readonly describedBy = input.required<string>();
  readonly isInvalid = input(false);
  /** The new value; `undefined` takes the field out. */
  readonly changed = output<T | undefined>();
}

/** Whether a number is only begun, as in "1e": it is no answer yet, and writing one back would delete it. */
export function isHalfTyped(event: Event): boolean {
  return (event.target as HTMLInputElement).validity?.badInput === true;
}

/** The number in an input, or `undefined` where there is none. */
export function readNumber(event: Event): number | undefined {
  const value = (event.target as HTMLInputElement).valueAsNumber;
  return Number.isNaN(value) ? undefined : value;
}

/** The text in an input or a select, or `undefined` where there is none. */
export function readText(event: Event): string | undefined {
  const value = (event.target as HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement).value;
  return value.trim() === '' ? undefined : value;
}

/** The lines of a text that say something. */
export function readLines(event: Event): string[] | undefined {
  const lines = (event.target as HTMLTextAreaElement).value
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.length === 0 ? undefined : lines;
}
