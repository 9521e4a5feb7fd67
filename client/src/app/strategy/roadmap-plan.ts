import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { RoadmapFinding } from '@throughline/strategy-contract';
import { formatDay } from '../ui/times';
import { FindingCard } from './finding-card';

interface Bar {
  milestone: RoadmapFinding;
  /** Percent of the plan's length. */
  startPercent: number;
  widthPercent: number;
  dates: string;
}

const DAY_MS = 86_400_000;

/** Where each dated milestone lies in the whole plan. */
export function layOut(milestones: readonly RoadmapFinding[]): Bar[] {
  const dated = milestones.filter(({ start, end }) => start !== undefined && end !== undefined);
  const first = Math.min(...dated.map(({ start }) => Date.parse(start!)));
  const last = Math.max(...dated.map(({ end }) => Date.parse(end!) + DAY_MS));
  return dated.map((milestone) => {
    const start = Date.parse(milestone.start!);
    const end = Date.parse(milestone.end!) + DAY_MS;
    return {
      milestone,
      startPercent: (100 * (start - first)) / (last - first),
      widthPercent: (100 * (end - start)) / (last - first),
      dates:
        milestone.start === milestone.end
          ? formatDay(milestone.start!)
          : `${formatDay(milestone.start!)} – ${formatDay(milestone.end!)}`,
    };
  });
}

/** Milestones in time, what each waits for, and which ones everything waits for. */
@Component({
  selector: 'tl-roadmap-plan',
  imports: [FindingCard],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (bars().length) {
      <ol class="chart tl-card" aria-label="Milestones in time">
        @for (bar of bars(); track bar.milestone.id) {
          <li>
            <span class="name">{{ bar.milestone.title }}</span>
            <span class="track">
              <span
                class="span"
                [class.critical]="bar.milestone.isCritical"
                [style.inset-inline-start.%]="bar.startPercent"
                [style.inline-size.%]="bar.widthPercent"
              ></span>
            </span>
            <span class="tl-small tl-quiet tl-tabular">
              {{ bar.dates }}
              @if (bar.milestone.isCritical) {
                <span class="path">on the critical path</span>
              }
            </span>
          </li>
        }
      </ol>
    }
    <div class="cards">
      @for (milestone of findings(); track milestone.id) {
        <tl-finding-card [finding]="milestone" [kind]="milestone.isCritical ? 'On the critical path' : undefined">
          @if (waitsFor(milestone); as names) {
            <p class="tl-quiet">Waits for: {{ names }}</p>
          }
        </tl-finding-card>
      }
    </div>
  `,
  styles: `
    :host {
      display: grid;
      gap: 1rem;
    }

    .chart {
      display: grid;
      gap: 0.875rem;
      padding: 1.25rem 1.375rem;
    }

    li {
      display: grid;
      grid-template-columns: minmax(8rem, 14rem) minmax(0, 1fr) 15rem;
      align-items: center;
      gap: 0.25rem 1rem;
    }

    .path {
      display: block;
    }

    .cards {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(min(100%, 28rem), 1fr));
      gap: 1rem;
    }

    .name {
      font-weight: 500;
      overflow-wrap: anywhere;
    }

    .track {
      position: relative;
      height: 12px;
      border-radius: 12px;
      background: var(--mat-sys-surface-container-high);
      overflow: hidden;
    }

    .span {
      position: absolute;
      inset-block: 0;
      min-width: 8px;
      border-radius: inherit;
      background: var(--mat-sys-primary);
      opacity: 0.6;
    }

    .critical {
      opacity: 1;
    }

    @media (max-width: 52rem) {
      li {
        grid-template-columns: minmax(0, 1fr);
      }
    }
  `,
})
export class RoadmapPlan {
  readonly findings = input.required<readonly RoadmapFinding[]>();
  protected readonly bars = computed(() => layOut(this.findings()));
  readonly #titles = computed(() => new Map(this.findings().map(({ id, title }) => [id, title] as const)));

  protected waitsFor({ dependsOn }: RoadmapFinding): string | undefined {
    return dependsOn.length === 0 ? undefined : dependsOn.map((id) => this.#titles().get(id) ?? id).join(', ');
  }
}
