import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { SECTION_KEYS, type SectionKey, type Sections, type StrategyDocument } from '@throughline/strategy-contract';
import { Icon } from '../ui/icon';
import { Notice } from '../ui/notice';
import { SECTION_TITLES } from '../ui/section-titles';
import { BudgetTable } from './budget-table';
import { CalendarTable } from './calendar-table';
import { FindingList } from './finding-list';
import { KpiTree } from './kpi-tree';
import { RoadmapPlan } from './roadmap-plan';
import { TopicTree } from './topic-tree';

/** One part of the strategy, each in the form in which people would rather read it. */
@Component({
  selector: 'tl-section-view',
  imports: [BudgetTable, CalendarTable, FindingList, Icon, KpiTree, Notice, RoadmapPlan, RouterLink, TopicTree],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2>{{ title() }}</h2>
    @let part = section();
    @if (part.state !== 'ready') {
      <tl-notice tone="warn">
        <p>
          <strong>{{
            part.state === 'partial' ? 'This part is not complete.' : 'This part could not be made.'
          }}</strong>
          {{ part.unavailableReason }}
        </p>
        @if (part.supply?.length) {
          <ul>
            @for (supply of part.supply; track $index) {
              <li>
                {{ supply.what }}
                <span class="tl-small adds">Adds: {{ supply.adds }}</span>
              </li>
            }
          </ul>
        }
        <a notice-action class="go" [routerLink]="['/strategies', document().strategyId, 'brief']">
          Open the brief<tl-icon name="arrow-right" />
        </a>
        <a notice-action class="go" routerLink="/content">Import content<tl-icon name="arrow-right" /></a>
      </tl-notice>
    }
    @switch (key()) {
      @case ('topics') {
        <tl-topic-tree [topics]="document().topics.findings" />
      }
      @case ('calendar') {
        <tl-calendar-table [findings]="document().calendar.findings" [subjects]="subjectTitles()" />
      }
      @case ('performance') {
        <tl-kpi-tree [findings]="document().performance.findings" />
      }
      @case ('budget') {
        <tl-budget-table [findings]="document().budget.findings" />
      }
      @case ('roadmap') {
        <tl-roadmap-plan [findings]="document().roadmap.findings" />
      }
      @default {
        <tl-finding-list [findings]="part.findings" />
      }
    }
    @if (part.findings.length === 0 && part.state === 'ready') {
      <p class="tl-quiet">Nothing stood out here: the data was read, and it gives no reason to act.</p>
    }
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: 1.25rem;
    }

    ul {
      margin-top: 0.5rem;
      padding-inline-start: 1.25rem;
    }

    .adds {
      display: block;
    }

    .go {
      display: inline-flex;
      align-items: center;
      gap: 0.375rem;
      min-height: 1.75rem;
      color: inherit;
      font-weight: 600;
    }
  `,
})
export class SectionView {
  readonly document = input.required<StrategyDocument>();
  readonly key = input.required<SectionKey>();

  protected readonly title = computed(() => SECTION_TITLES[this.key()]);
  protected readonly section = computed((): Sections[SectionKey] => this.document()[this.key()]);
  protected readonly subjectTitles = computed(
    () =>
      new Map(
        SECTION_KEYS.flatMap((key) => this.document()[key].findings.map(({ id, title }) => [id, title] as const)),
      ),
  );
}
