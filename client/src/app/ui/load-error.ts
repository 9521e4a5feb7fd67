import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { Notice } from './notice';
import { toProblem } from './problem';

/** Why something could not be loaded, with a way to try again. */
@Component({
  selector: 'tl-load-error',
  imports: [MatButton, Notice],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <tl-notice tone="bad">
      {{ problem().detail }}
      <button notice-action matButton="outlined" type="button" (click)="retry.emit()">Try again</button>
    </tl-notice>
  `,
  styles: `
    button {
      --mat-button-outlined-label-text-color: currentColor;
      --mat-button-outlined-outline-color: currentColor;
    }
  `,
})
export class LoadError {
  readonly error = input.required<unknown>();
  readonly retry = output();
  protected readonly problem = computed(() => toProblem(this.error()));
}
