import { ChangeDetectionStrategy, Component } from '@angular/core';

/** The mark: three points on one line. */
@Component({
  selector: 'tl-brand-mark',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { 'aria-hidden': 'true' },
  template: `
    <svg viewBox="0 0 32 32" focusable="false">
      <path d="M6 23c6 0 4-14 10-14s4 14 10 14" />
      <circle cx="6" cy="23" r="3" />
      <circle class="top" cx="16" cy="9" r="3" />
      <circle cx="26" cy="23" r="3" />
    </svg>
  `,
  styles: `
    :host {
      display: inline-flex;
      width: 1.75rem;
      height: 1.75rem;
    }

    path {
      fill: none;
      stroke: var(--mat-sys-primary);
      stroke-width: 2.5;
    }

    circle {
      fill: var(--mat-sys-primary);
    }

    .top {
      fill: var(--mat-sys-tertiary);
    }
  `,
})
export class BrandMark {}
