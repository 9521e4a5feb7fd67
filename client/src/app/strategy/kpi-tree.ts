import { NgTemplateOutlet } from '@angular/common';
import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { PerformanceFinding } from '@throughline/strategy-contract';
import { FindingCard } from './finding-card';
import { FindingList } from './finding-list';

interface Node {
  finding: PerformanceFinding;
  children: Node[];
}

/** Goals with what feeds each; a finding whose parent is not among them is a root, and none is shown twice. */
export function growTree(findings: readonly PerformanceFinding[]): Node[] {
  const ids = new Set(findings.map(({ id }) => id));
  const placed = new Set<string>();
  const grow = (finding: PerformanceFinding): Node => {
    placed.add(finding.id);
    const children = findings.filter(({ id, parentId }) => parentId === finding.id && !placed.has(id));
    return { finding, children: children.map(grow) };
  };
  return findings.filter(({ parentId }) => parentId === undefined || !ids.has(parentId)).map(grow);
}

/** Goals worked back to what must happen, and forecasts. */
@Component({
  selector: 'tl-kpi-tree',
  imports: [FindingCard, FindingList, NgTemplateOutlet],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (tree().length) {
      <section>
        <h3>Goals, worked back</h3>
        <ng-container *ngTemplateOutlet="level; context: { $implicit: tree() }" />
      </section>
    }
    @if (others().length) {
      <section>
        <h3>Forecasts and base rates</h3>
        <tl-finding-list [findings]="others()" />
      </section>
    }
    <ng-template #level let-nodes>
      <ul class="tree">
        @for (node of nodes; track node.finding.id) {
          <li>
            <tl-finding-card [finding]="node.finding">
              @if (node.finding.formula) {
                <p class="tl-small tl-quiet">{{ node.finding.formula }}</p>
              }
              @if (node.finding.needs) {
                <p class="needs">Needs: {{ node.finding.needs }}</p>
              }
            </tl-finding-card>
            @if (node.children.length) {
              <ng-container *ngTemplateOutlet="level; context: { $implicit: node.children }" />
            }
          </li>
        }
      </ul>
    </ng-template>
  `,
  styles: `
    :host {
      display: grid;
      gap: 2rem;
    }

    h3 {
      margin-bottom: 0.75rem;
    }

    .tree {
      display: grid;
      gap: 0.75rem;
    }

    .tree .tree {
      margin-top: 0.75rem;
      padding-inline-start: clamp(0.75rem, 3vw, 1.75rem);
      border-inline-start: 2px solid var(--mat-sys-primary-container);
    }

    .needs {
      padding: 0.625rem 0.875rem;
      border-radius: 10px;
      background: var(--mat-sys-tertiary-container);
      color: var(--mat-sys-on-tertiary-container);
    }
  `,
})
export class KpiTree {
  readonly findings = input.required<readonly PerformanceFinding[]>();
  protected readonly tree = computed(() => growTree(this.findings().filter(({ kind }) => kind === 'kpi')));
  protected readonly others = computed(() => this.findings().filter(({ kind }) => kind !== 'kpi'));
}
