import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { TopicFinding } from '@throughline/strategy-contract';
import { Figure } from '../ui/figure';
import { FindingCard } from './finding-card';
import { PageList } from './page-list';
import { TermList } from './term-list';

interface Branch {
  pillar: TopicFinding;
  clusters: TopicFinding[];
}

/** Pillars with the clusters under each; a cluster without a pillar stands alone. */
export function growBranches(topics: readonly TopicFinding[]): Branch[] {
  const ids = new Set(topics.map(({ id }) => id));
  const isRoot = ({ parentId }: TopicFinding) => parentId === undefined || !ids.has(parentId);
  return topics
    .filter(isRoot)
    .map((pillar) => ({ pillar, clusters: topics.filter(({ parentId }) => parentId === pillar.id) }));
}

/** Topics: pillars and their clusters. */
@Component({
  selector: 'tl-topic-tree',
  imports: [Figure, FindingCard, PageList, TermList],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @for (branch of branches(); track branch.pillar.id) {
      <section [attr.aria-label]="branch.pillar.title">
        <tl-finding-card [finding]="branch.pillar" [kind]="branch.pillar.role">
          @if (branch.pillar.terms.length) {
            <tl-term-list [terms]="branch.pillar.terms" />
          }
          @if (branch.pillar.stability; as stability) {
            <p>Stability: <tl-figure label="Stability" [figure]="stability" [context]="branch.pillar" /></p>
          }
          <tl-page-list [pages]="branch.pillar.pages" />
        </tl-finding-card>
        @if (branch.clusters.length) {
          <div class="clusters">
            @for (cluster of branch.clusters; track cluster.id) {
              <tl-finding-card [finding]="cluster" [kind]="cluster.role">
                @if (cluster.terms.length) {
                  <tl-term-list [terms]="cluster.terms" />
                }
                <tl-page-list [isFolded]="true" [pages]="cluster.pages" />
              </tl-finding-card>
            }
          </div>
        }
      </section>
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: 2rem;
    }

    .clusters {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr));
      gap: 0.75rem;
      margin-top: 0.75rem;
      padding-inline-start: clamp(0.75rem, 3vw, 1.75rem);
      border-inline-start: 2px solid var(--mat-sys-primary-container);
    }
  `,
})
export class TopicTree {
  readonly topics = input.required<readonly TopicFinding[]>();
  protected readonly branches = computed(() => growBranches(this.topics()));
}
