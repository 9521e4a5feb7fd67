import { ChangeDetectionStrategy, Component, linkedSignal } from '@angular/core';
import type { Money } from '@throughline/strategy-contract';
import { PERIOD_OPTIONS } from '../options';
import { FieldEditor, isHalfTyped, readNumber, readText } from './field-editor';

type Parts = { amount?: number | undefined; currency?: string | undefined; per?: string | undefined };

/** An amount of money over a time. */
@Component({
  selector: 'tl-money-editor',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="money" role="group" [attr.aria-labelledby]="labelId()" [attr.aria-describedby]="describedBy()">
      <input
        class="tl-input amount"
        type="number"
        step="any"
        min="0"
        inputmode="decimal"
        aria-label="Amount"
        [attr.aria-invalid]="isInvalid()"
        [value]="parts().amount ?? ''"
        (input)="setAmount($event)"
      />
      <input
        class="tl-input currency"
        type="text"
        maxlength="3"
        autocapitalize="characters"
        aria-label="Currency, three letters"
        [value]="parts().currency ?? ''"
        (input)="change({ currency: readText($event)?.toUpperCase() })"
      />
      <select class="tl-input per" aria-label="Over what time" (change)="change({ per: readText($event) })">
        @for (option of periods; track option.value) {
          <option [value]="option.value" [selected]="option.value === parts().per">{{ option.label }}</option>
        }
      </select>
    </div>
  `,
  styles: `
    .money {
      display: flex;
      flex-wrap: wrap;
      gap: 0.5rem;
      max-width: 28rem;
    }

    .amount {
      flex: 1 1 8rem;
    }

    .currency {
      flex: 0 0 5rem;
      text-transform: uppercase;
    }

    .per {
      flex: 0 0 9rem;
    }
  `,
})
export class MoneyEditor extends FieldEditor<Money> {
  protected readonly periods = PERIOD_OPTIONS;
  protected readonly readText = readText;
  protected readonly parts = linkedSignal<Money | undefined, Parts>({
    source: this.value,
    computation: (money, previous) => money ?? { currency: 'EUR', per: 'month', ...previous?.value, amount: undefined },
  });

  protected setAmount(event: Event): void {
    if (!isHalfTyped(event)) this.change({ amount: readNumber(event) });
  }

  protected change(part: Parts): void {
    this.parts.update((parts) => ({ ...parts, ...part }));
    const { amount, currency, per } = this.parts();
    this.changed.emit(amount === undefined ? undefined : ({ amount, currency: currency ?? '', per } as Money));
  }
}
