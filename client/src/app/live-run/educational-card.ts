import { ChangeDetectionStrategy, Component, computed, input, linkedSignal } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { Icon } from '../ui/icon';
import type { StepCard } from './run-state';

/**
 * What a step does and why. It opens at the step that is under way and then stays: the reader turns the cards, so that
 * nothing changes under their eyes.
 */
@Component({
  selector: 'tl-educational-card',
  imports: [Icon, MatIconButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './educational-card.html',
  styleUrl: './educational-card.css',
})
export class EducationalCard {
  readonly cards = input.required<readonly StepCard[]>();
  /** The step that is under way. */
  readonly currentStepId = input<string>();

  /** Titles of the steps by id, to say what a card is about. */
  readonly titles = input.required<ReadonlyMap<string, string>>();

  protected readonly shownId = linkedSignal<readonly StepCard[], string | undefined>({
    source: this.cards,
    computation: (cards, previous) => previous?.value ?? this.#startAt(cards),
  });
  protected readonly index = computed(() =>
    Math.max(
      0,
      this.cards().findIndex(({ stepId }) => stepId === this.shownId()),
    ),
  );
  protected readonly card = computed(() => this.cards()[this.index()]);
  protected readonly stepTitle = computed(() => this.titles().get(this.card()?.stepId ?? '') ?? '');
  /** The card of the step under way, if another one is shown. */
  protected readonly newer = computed(() => {
    const current = this.cards().find(({ stepId }) => stepId === this.currentStepId());
    return current !== undefined && current !== this.card() ? current : undefined;
  });

  protected turn(by: number): void {
    this.shownId.set(this.cards()[this.index() + by]?.stepId);
  }

  protected show(card: StepCard): void {
    this.shownId.set(card.stepId);
  }

  #startAt(cards: readonly StepCard[]): string | undefined {
    const current = cards.find(({ stepId }) => stepId === this.currentStepId());
    return (current ?? cards[0])?.stepId;
  }
}
