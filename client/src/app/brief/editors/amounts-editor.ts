import { ChangeDetectionStrategy, Component, computed, input, linkedSignal } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { Icon } from '../../ui/icon';
import type { Option } from '../options';
import { FieldEditor, isHalfTyped, readNumber, readText } from './field-editor';

interface Row {
  name: string | undefined;
  amount: number | undefined;
}
type Amounts = Record<string, number>;

/** Named numbers, as in "article: 60 %". */
@Component({
  selector: 'tl-amounts-editor',
  imports: [Icon, MatButton, MatIconButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './amounts-editor.html',
  styleUrl: './amounts-editor.css',
})
export class AmountsEditor extends FieldEditor<Amounts> {
  readonly noun = input.required<string>();
  /** The names that can be chosen; without them a name is typed. */
  readonly names = input<readonly Option[]>();
  /** `share`: shown as percent, kept as 0 to 1 · `whole`: percent as it is. */
  readonly percent = input<'share' | 'whole'>();
  readonly unit = input('');
  readonly placeholder = input('');

  protected readonly readText = readText;
  protected readonly shownUnit = computed(() => (this.percent() === undefined ? this.unit() : '%'));
  protected readonly rows = linkedSignal<Amounts | undefined, Row[]>({
    source: this.value,
    computation: (amounts, previous) => {
      const isOwn = previous !== undefined && JSON.stringify(this.#clean(previous.value)) === JSON.stringify(amounts);
      if (isOwn) return previous.value;
      return Object.entries(amounts ?? {}).map(([name, amount]) => ({ name, amount: this.#shown(amount) }));
    },
  });
  protected readonly sum = computed(() => this.rows().reduce((sum, { amount }) => sum + (amount ?? 0), 0));

  protected change(index: number, part: Partial<Row>): void {
    this.#set(this.rows().map((row, at) => (at === index ? { ...row, ...part } : row)));
  }

  protected setAmount(index: number, event: Event): void {
    if (!isHalfTyped(event)) this.change(index, { amount: readNumber(event) });
  }

  protected add(): void {
    const taken = new Set(this.rows().map(({ name }) => name));
    const name = this.names()?.find(({ value }) => !taken.has(value))?.value;
    this.#set([...this.rows(), { name, amount: undefined }]);
  }

  protected remove(index: number): void {
    this.#set(this.rows().filter((_row, at) => at !== index));
  }

  #set(rows: Row[]): void {
    this.rows.set(rows);
    this.changed.emit(this.#clean(rows));
  }

  #shown(amount: number): number {
    // 0.07 × 100 is 7.000000000000001.
    return this.percent() === 'share' ? Number((amount * 100).toPrecision(12)) : amount;
  }

  #clean(rows: readonly Row[]): Amounts | undefined {
    const entries = rows.flatMap(({ name, amount }) =>
      name === undefined || amount === undefined
        ? []
        : [[name.trim(), this.percent() === 'share' ? Number((amount / 100).toPrecision(12)) : amount] as const],
    );
    return entries.length === 0 ? undefined : Object.fromEntries(entries);
  }
}
