import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { Icon } from '../ui/icon';
import type { IconName } from '../ui/icons';
import type { SaveState } from './brief-saver';

const LOOKS: Record<SaveState, { icon: IconName; text: string }> = {
  saved: { icon: 'check', text: 'Saved' },
  saving: { icon: 'clock', text: 'Saving…' },
  waiting: {
    icon: 'offline',
    text: 'Not saved yet: the server can’t be reached. Your text is kept here and saved as soon as it can be.',
  },
  incomplete: { icon: 'info', text: 'Saved, but for the fields marked below' },
  refused: { icon: 'alert', text: 'Not saved' },
};

/** Whether what was typed is safe. */
@Component({
  selector: 'tl-save-note',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { role: 'status', '[attr.data-state]': 'state()' },
  template: `<tl-icon [name]="look().icon" />{{ look().text }}`,
  styles: `
    :host {
      display: inline-flex;
      align-items: baseline;
      gap: 0.375rem;
      font-size: 0.875rem;
      color: var(--mat-sys-on-surface-variant);
    }

    tl-icon {
      align-self: center;
    }

    :host([data-state='waiting']),
    :host([data-state='refused']) {
      color: var(--mat-sys-error);
    }
  `,
})
export class SaveNote {
  readonly state = input.required<SaveState>();
  protected readonly look = computed(() => LOOKS[this.state()]);
}
