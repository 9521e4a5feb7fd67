import { ChangeDetectionStrategy, Component, computed, input, linkedSignal } from '@angular/core';
import { FieldEditor, readLines } from './field-editor';

/** A list of texts, one per line: quick to type, to paste and to read. */
@Component({
  selector: 'tl-lines-editor',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <textarea
      class="tl-input"
      [rows]="rows()"
      [attr.placeholder]="placeholder()"
      [attr.aria-labelledby]="labelId()"
      [attr.aria-describedby]="describedBy()"
      [attr.aria-invalid]="isInvalid()"
      [value]="text()"
      (input)="take($event)"
    ></textarea>
    <p class="tl-small tl-quiet">One per line</p>
  `,
  styles: `
    textarea {
      field-sizing: content;
      max-height: 24rem;
    }

    p {
      margin-top: 0.25rem;
    }
  `,
})
export class LinesEditor extends FieldEditor<string[]> {
  readonly placeholder = input('');

  /** As typed: an empty last line stays while the next entry is being begun. */
  protected readonly text = linkedSignal<string[] | undefined, string>({
    source: this.value,
    computation: (lines, previous) => {
      const text = lines?.join('\n') ?? '';
      return previous !== undefined && clean(previous.value) === text ? previous.value : text;
    },
  });
  protected readonly rows = computed(() => Math.max(2, Math.min(10, this.text().split('\n').length)));

  protected take(event: Event): void {
    this.text.set((event.target as HTMLTextAreaElement).value);
    this.changed.emit(readLines(event));
  }
}

function clean(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');
}
