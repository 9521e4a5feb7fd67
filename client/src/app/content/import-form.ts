import { ChangeDetectionStrategy, Component, inject, output, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { ContentSource, SourceFormat, SourceKind } from '@throughline/strategy-contract';
import { Icon } from '../ui/icon';
import { Notice } from '../ui/notice';
import { toProblem } from '../ui/problem';
import { ContentApi } from './content-api';

const MAX_BYTES = 25 * 1024 * 1024;

/** A name for a file's content: the file's own without its ending. */
export function nameFromFile(fileName: string): string {
  const stem = fileName.replace(/\.[^.]+$/, '').replace(/[_-]+/g, ' ');
  return stem.trim() === '' ? 'Imported content' : stem.trim();
}

/** Takes a file by drop or by choice, and sends it with whose content it is. */
@Component({
  selector: 'tl-import-form',
  imports: [Icon, MatButton, Notice],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './import-form.html',
  styleUrl: './import-form.css',
})
export class ImportForm {
  readonly #api = inject(ContentApi);
  readonly imported = output<ContentSource>();

  protected readonly file = signal<File | undefined>(undefined);
  protected readonly name = signal('');
  protected readonly kind = signal<SourceKind>('own');
  protected readonly format = signal<SourceFormat | undefined>(undefined);
  protected readonly isOver = signal(false);
  protected readonly isBusy = signal(false);
  protected readonly failure = signal<string | undefined>(undefined);

  protected drop(event: DragEvent): void {
    event.preventDefault();
    this.isOver.set(false);
    this.#take(event.dataTransfer?.files[0]);
  }

  protected dragOver(event: DragEvent): void {
    // Without this the browser would open the file.
    event.preventDefault();
    this.isOver.set(true);
  }

  protected pick(event: Event): void {
    const picker = event.target as HTMLInputElement;
    this.#take(picker.files?.[0]);
    // So that choosing the same file again is a change.
    picker.value = '';
  }

  protected setName(event: Event): void {
    this.name.set((event.target as HTMLInputElement).value);
  }

  protected setFormat(event: Event): void {
    const value = (event.target as HTMLSelectElement).value;
    this.format.set(value === '' ? undefined : (value as SourceFormat));
  }

  protected putAway(): void {
    this.file.set(undefined);
    this.failure.set(undefined);
  }

  protected async submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const file = this.file();
    const name = this.name().trim();
    if (file === undefined || this.isBusy()) return;
    if (name === '') return this.failure.set('Give the content a name.');
    this.isBusy.set(true);
    this.failure.set(undefined);
    try {
      const format = this.format();
      this.imported.emit(
        await this.#api.import({ file, name, kind: this.kind(), ...(format === undefined ? {} : { format }) }),
      );
      this.file.set(undefined);
    } catch (error) {
      const { detail, errors } = toProblem(error);
      this.failure.set([detail, ...(errors?.map(({ message }) => message) ?? [])].join(' '));
    } finally {
      this.isBusy.set(false);
    }
  }

  #take(file: File | undefined): void {
    if (file === undefined) return;
    if (file.size > MAX_BYTES) {
      this.failure.set(`“${file.name}” is larger than 25 MiB. Split it, or export fewer columns.`);
      return;
    }
    this.failure.set(undefined);
    this.file.set(file);
    this.name.set(nameFromFile(file.name));
  }
}
