import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { FigureList } from '../ui/figure-list';
import { Icon } from '../ui/icon';
import { sectionTitle } from '../ui/section-titles';
import type { FinishedSection } from './run-state';

/** How many findings a part shows before it is opened. */
const FIRST = 3;

/** A part of the strategy as soon as it is ready. */
@Component({
  selector: 'tl-section-preview',
  imports: [FigureList, Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <details class="tl-card" [open]="isOpen()">
      <summary>
        <h3>{{ title() }}</h3>
        <span class="tl-small tl-quiet">{{ count() }}</span>
        <tl-icon name="chevron-down" />
      </summary>
      <div class="body">
        @if (section().content.unavailableReason; as reason) {
          <p class="tl-quiet">{{ reason }}</p>
        }
        @for (finding of first(); track finding.id) {
          <div class="finding">
            <p class="name">{{ finding.title }}</p>
            <p class="tl-small tl-quiet">{{ finding.why }}</p>
            <tl-figure-list [finding]="finding" />
          </div>
        }
        @if (rest() > 0) {
          <p class="tl-small tl-quiet">And {{ rest() }} more in the strategy.</p>
        }
      </div>
    </details>
  `,
  styleUrl: './section-preview.css',
})
export class SectionPreview {
  readonly section = input.required<FinishedSection>();
  readonly isOpen = input(false);

  protected readonly title = computed(() => sectionTitle(this.section().key));
  protected readonly first = computed(() => this.section().content.findings.slice(0, FIRST));
  protected readonly rest = computed(() => this.section().content.findings.length - this.first().length);
  protected readonly count = computed(() => {
    const { state, findings } = this.section().content;
    if (state === 'unavailable') return 'Needs input';
    const count = `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}`;
    return state === 'partial' ? `${count}, in part` : count;
  });
}
