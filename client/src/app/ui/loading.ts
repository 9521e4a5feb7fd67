import { ChangeDetectionStrategy, Component, input } from '@angular/core';

/** Quiet bars where content is about to be. */
@Component({
  selector: 'tl-loading',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { role: 'status' },
  template: `
    <span class="tl-visually-hidden">{{ label() }}</span>
    @for (line of lines; track line) {
      <span class="bar" aria-hidden="true"></span>
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: 0.875rem;
    }

    .bar {
      height: 4.5rem;
      border-radius: var(--tl-radius);
      background: var(--mat-sys-surface-container);
      animation: breathe 1.6s ease-in-out infinite;
    }

    .bar:nth-of-type(3) {
      animation-delay: 120ms;
    }

    .bar:nth-of-type(4) {
      animation-delay: 240ms;
    }

    @keyframes breathe {
      50% {
        opacity: 0.45;
      }
    }
  `,
})
export class Loading {
  readonly label = input('Loading');
  protected readonly lines = [1, 2, 3];
}
