import { ChangeDetectionStrategy, Component, input } from '@angular/core';

/** A place that has nothing yet, with the next thing to do as its content. */
@Component({
  selector: 'tl-empty-state',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <svg class="line" viewBox="0 0 120 40" aria-hidden="true">
      <path d="M8 30c26 0 22-20 52-20s26 20 52 20" />
      <circle cx="8" cy="30" r="4" />
      <circle cx="60" cy="10" r="4" />
      <circle cx="112" cy="30" r="4" />
    </svg>
    <h2>{{ heading() }}</h2>
    <p>{{ text() }}</p>
    <div class="tl-actions"><ng-content /></div>
  `,
  styles: `
    :host {
      display: grid;
      justify-items: center;
      gap: 0.75rem;
      padding: clamp(2rem, 6vw, 4rem) 1.25rem;
      text-align: center;
      border: 1px dashed var(--mat-sys-outline-variant);
      border-radius: calc(var(--tl-radius) * 1.5);
    }

    .line {
      width: 7.5rem;
      margin-bottom: 0.5rem;
      fill: none;
      stroke: var(--mat-sys-primary);
      stroke-width: 2;
      stroke-linecap: round;
    }

    circle {
      fill: var(--mat-sys-surface);
    }

    p {
      max-width: 32rem;
      color: var(--mat-sys-on-surface-variant);
    }

    .tl-actions {
      justify-content: center;
      margin-top: 0.75rem;
    }
  `,
})
export class EmptyState {
  readonly heading = input.required<string>();
  readonly text = input.required<string>();
}
