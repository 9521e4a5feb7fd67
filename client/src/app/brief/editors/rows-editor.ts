import { ChangeDetectionStrategy, Component, computed, input, linkedSignal } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { Icon } from '../../ui/icon';
import type { Column } from '../field-specs';
import { FORMAT_OPTIONS, type Option } from '../options';
import { AmountsEditor } from './amounts-editor';
import { FieldEditor, isHalfTyped, readNumber, readText } from './field-editor';
import { LinesEditor } from './lines-editor';

type Row = Record<string, unknown>;

let count = 0;

/** A list of entries with several inputs each: metrics, roles, personas, competitors. */
@Component({
  selector: 'tl-rows-editor',
  imports: [AmountsEditor, Icon, LinesEditor, MatButton, MatIconButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './rows-editor.html',
  styleUrl: './rows-editor.css',
})
export class RowsEditor extends FieldEditor<Row[]> {
  readonly noun = input.required<string>();
  readonly columns = input.required<readonly Column[]>();
  /** What a person ticks to say that there is none; without it, no entry is no answer. */
  readonly none = input<string>();
  /** Imported content of competitors, for columns of type `source`. */
  readonly sources = input<readonly Option[]>([]);

  protected readonly id = `tl-rows-${++count}`;
  protected readonly formats = FORMAT_OPTIONS;
  protected readonly rows = linkedSignal<Row[] | undefined, Row[]>({
    source: this.value,
    computation: (entries, previous) => {
      const isOwn =
        previous !== undefined && JSON.stringify(this.#clean(previous.value)) === JSON.stringify(entries ?? []);
      return isOwn ? previous.value : (entries ?? []);
    },
  });
  protected readonly saysNone = computed(() => this.value() !== undefined && this.rows().length === 0);

  protected isComplete(row: Row): boolean {
    return this.columns().every(({ key, isRequired }) => isRequired !== true || row[key] !== undefined);
  }

  protected take(index: number, column: Column, event: Event): void {
    if (isHalfTyped(event)) return;
    this.change(index, column.key, column.type === 'number' ? readNumber(event) : readText(event));
  }

  protected shown(value: unknown): string {
    return value === undefined ? '' : String(value);
  }

  protected amounts(value: unknown): Record<string, number> | undefined {
    return value as Record<string, number> | undefined;
  }

  protected lines(value: unknown): string[] | undefined {
    return value as string[] | undefined;
  }

  protected change(index: number, key: string, value: unknown): void {
    this.#set(this.rows().map((row, at) => (at === index ? { ...row, [key]: value } : row)));
  }

  protected add(): void {
    // A choice that must be made starts with its first option, so that a name alone makes an entry.
    const preset = this.columns().flatMap(({ key, isRequired, options }) =>
      isRequired === true && options?.[0] !== undefined ? [[key, options[0].value] as const] : [],
    );
    this.#set([...this.rows(), Object.fromEntries(preset)]);
  }

  protected remove(index: number): void {
    this.#set(this.rows().filter((_row, at) => at !== index));
  }

  protected sayNone(isNone: boolean): void {
    this.changed.emit(isNone ? [] : undefined);
  }

  #set(rows: Row[]): void {
    this.rows.set(rows);
    const entries = this.#clean(rows);
    this.changed.emit(entries.length === 0 ? undefined : entries);
  }

  #clean(rows: readonly Row[]): Row[] {
    return rows
      .filter((row) => this.isComplete(row))
      .map((row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)));
  }
}
