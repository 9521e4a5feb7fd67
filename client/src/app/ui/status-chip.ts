import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { Icon } from './icon';
import type { StateLook } from './run-status';

/** A state in words and with an icon. */
@Component({
  selector: 'tl-status-chip',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<span class="tl-chip" [attr.data-tone]="look().tone"
    ><tl-icon [name]="look().icon" />{{ look().label }}</span
  >`,
  styles: `
    :host {
      display: inline-flex;
    }
  `,
})
export class StatusChip {
  readonly look = input.required<StateLook>();
}
