import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { Figure } from '@throughline/strategy-contract';

const TONES: Record<Figure['basis'], string> = {
  observed: 'good',
  computed: 'live',
  benchmark: 'warn',
  assumption: 'warn',
};

/** What kind of number a figure is, and where it is from. */
@Component({
  selector: 'tl-figure-basis',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <span class="tl-chip" [attr.data-tone]="tone()">{{ figure().basis }}</span>
    <span>{{ origin() }}</span>
  `,
  styles: `
    :host {
      display: grid;
      justify-items: start;
      gap: 0.5rem;
    }

    .tl-chip {
      text-transform: capitalize;
    }
  `,
})
export class FigureBasis {
  readonly figure = input.required<Figure>();

  protected readonly tone = computed(() => TONES[this.figure().basis]);
  protected readonly origin = computed(() => {
    const { basis, method, source, by } = this.figure();
    switch (basis) {
      case 'observed':
        return 'Counted in your imported content.';
      case 'computed':
        return method ?? 'Computed.';
      case 'benchmark':
        return source ? `${source.name}, ${source.year}` : 'A published benchmark.';
      case 'assumption':
        return by === 'user'
          ? 'You stated it in the brief.'
          : 'Throughline assumes it; your own number would be better.';
    }
  });
}
