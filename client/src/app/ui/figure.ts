import { CdkTrapFocus } from '@angular/cdk/a11y';
import { CdkConnectedOverlay, CdkOverlayOrigin, type ConnectedPosition } from '@angular/cdk/overlay';
import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import type { Figure as FigureData, Input } from '@throughline/strategy-contract';
import { FigureBasis } from './figure-basis';
import { formatFigure } from './format-figure';
import { inputText } from './input-text';
import { SourceNames } from './source-names';

/** What a figure rests on: the part of its finding that explains it. */
export interface FigureContext {
  method: string;
  inputsUsed: readonly Input[];
}

const BELOW_OR_ABOVE: ConnectedPosition[] = [
  { originX: 'start', originY: 'bottom', overlayX: 'start', overlayY: 'top', offsetY: 6 },
  { originX: 'start', originY: 'top', overlayX: 'start', overlayY: 'bottom', offsetY: -6 },
  { originX: 'end', originY: 'bottom', overlayX: 'end', overlayY: 'top', offsetY: 6 },
];

let count = 0;

/** Every figure of the product: value and unit, and on demand what it is and what it rests on. */
@Component({
  selector: 'tl-figure',
  imports: [CdkConnectedOverlay, CdkOverlayOrigin, CdkTrapFocus, FigureBasis],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <button
      cdkOverlayOrigin
      #origin="cdkOverlayOrigin"
      class="value tl-tabular"
      type="button"
      aria-haspopup="dialog"
      [attr.aria-expanded]="isOpen()"
      [attr.aria-label]="name()"
      [attr.data-basis]="figure().basis"
      (click)="isOpen.set(!isOpen())"
    >
      {{ text() }}
    </button>
    <ng-template
      cdkConnectedOverlay
      [cdkConnectedOverlayOrigin]="origin"
      [cdkConnectedOverlayOpen]="isOpen()"
      [cdkConnectedOverlayPositions]="positions"
      [cdkConnectedOverlayPush]="true"
      [cdkConnectedOverlayViewportMargin]="12"
      (overlayOutsideClick)="isOpen.set(false)"
      (detach)="isOpen.set(false)"
      (overlayKeydown)="closeOnEscape($event)"
    >
      <div class="panel" role="dialog" tabindex="-1" cdkTrapFocus cdkTrapFocusAutoCapture [attr.aria-labelledby]="id">
        <p class="heading" [id]="id">
          @if (label()) {
            <span class="tl-small tl-quiet">{{ label() }}</span>
          }
          <strong class="tl-tabular">{{ text() }}</strong>
        </p>
        <tl-figure-basis [figure]="figure()" />
        @if (context(); as finding) {
          <dl>
            @if (figure().method === undefined) {
              <dt>Method</dt>
              <dd>{{ finding.method }}</dd>
            }
            <dt>Rests on</dt>
            <dd>
              <ul class="inputs">
                @for (line of inputs(); track $index) {
                  <li>{{ line }}</li>
                } @empty {
                  <li>Nothing but the method</li>
                }
              </ul>
            </dd>
          </dl>
        }
        <button class="close" type="button" (click)="isOpen.set(false)">Close</button>
      </div>
    </ng-template>
  `,
  styleUrl: './figure.css',
})
export class Figure {
  readonly figure = input.required<FigureData>();
  /** What it counts, for readers that hear the page and at the top of the explanation. */
  readonly label = input<string>();
  /** The finding that it stands in. */
  readonly context = input<FigureContext>();

  readonly #names = inject(SourceNames);
  protected readonly id = `tl-figure-${++count}`;
  protected readonly positions = BELOW_OR_ABOVE;
  protected readonly isOpen = signal(false);
  protected readonly text = computed(() => formatFigure(this.figure()));
  protected readonly name = computed(() => {
    const label = this.label();
    return `${label === undefined ? '' : `${label}: `}${this.text()}, ${this.figure().basis}. What it rests on`;
  });
  protected readonly inputs = computed(
    () => this.context()?.inputsUsed.map((line) => inputText(line, (id) => this.#names.nameOf(id))) ?? [],
  );

  protected closeOnEscape(event: KeyboardEvent): void {
    if (event.key === 'Escape') this.isOpen.set(false);
  }
}
