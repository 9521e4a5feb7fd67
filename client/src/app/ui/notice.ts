import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { Icon } from './icon';

/** A message in the page: an error is announced, advice is not. Its content says what to do next. */
@Component({
  selector: 'tl-notice',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '[attr.role]': 'role()', '[attr.data-tone]': 'tone()' },
  template: `
    <tl-icon [name]="tone() === 'info' ? 'info' : 'alert'" />
    <div class="body"><ng-content /></div>
    <div class="actions"><ng-content select="[notice-action]" /></div>
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      align-items: flex-start;
      gap: 0.5rem 0.75rem;
      padding: 0.875rem 1.125rem;
      border-radius: var(--tl-radius);
      background: var(--mat-sys-surface-container);
    }

    :host([data-tone='bad']) {
      background: var(--mat-sys-error-container);
      color: var(--mat-sys-on-error-container);
    }

    :host([data-tone='warn']) {
      background: var(--mat-sys-tertiary-container);
      color: var(--mat-sys-on-tertiary-container);
    }

    tl-icon {
      margin-top: 0.2em;
    }

    .body {
      flex: 1 1 14rem;
      min-width: 0;
    }

    .actions {
      display: flex;
      flex-wrap: wrap;
      gap: 0.5rem;
    }

    .actions:empty {
      display: none;
    }
  `,
})
export class Notice {
  readonly tone = input<'info' | 'warn' | 'bad'>('info');
  protected readonly role = computed(() => (this.tone() === 'bad' ? 'alert' : null));
}
