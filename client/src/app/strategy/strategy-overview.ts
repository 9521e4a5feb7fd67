import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { SECTION_KEYS, type Section, type SectionKey, type StrategyDocument } from '@throughline/strategy-contract';
import { Icon } from '../ui/icon';
import type { IconName } from '../ui/icons';
import { SECTION_TITLES, sectionTitle } from '../ui/section-titles';

const STATES: Record<Section['state'], { icon: IconName; label: string }> = {
  ready: { icon: 'check', label: 'Ready' },
  partial: { icon: 'info', label: 'In part' },
  unavailable: { icon: 'minus', label: 'Needs input' },
};

/** The strategy at a glance: its parts, what could not be said, and what it was made of. */
@Component({
  selector: 'tl-strategy-overview',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './strategy-overview.html',
  styleUrl: './strategy-overview.css',
})
export class StrategyOverview {
  readonly document = input.required<StrategyDocument>();
  readonly opened = output<SectionKey>();

  protected readonly parts = computed(() =>
    SECTION_KEYS.map((key) => {
      const { state, findings }: Section = this.document()[key];
      const first = findings[0]?.title;
      return { key, title: SECTION_TITLES[key], look: STATES[state], count: findings.length, first };
    }),
  );
  protected readonly writer = computed(() => {
    const { writer } = this.document().provenance;
    return writer === 'built-in' ? 'built-in rules, no language model' : `${writer.model} by ${writer.provider}`;
  });
  protected readonly sectionTitle = sectionTitle;
}
