import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { type BriefDraft, measureCompleteness } from '@throughline/strategy-contract';
import { Icon } from '../ui/icon';
import { GROUP_TITLES } from './group-titles';

/** The groups of the brief with how far each is filled in. */
@Component({
  selector: 'tl-group-nav',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <nav aria-label="Groups of the brief">
      <ul class="groups">
        @for (group of groups(); track group.group) {
          <li>
            <a [href]="here() + '#group-' + group.group" (click)="jump($event, group.group)">
              <span class="title">{{ titles[group.group] }}</span>
              <span class="bar" aria-hidden="true"><span [style.inline-size.%]="group.percent"></span></span>
              <span class="tl-small tl-quiet tl-tabular">
                {{ group.filled }} of {{ group.total }}
                @if (group.missingRequired.length; as missing) {
                  · <span class="missing">{{ missing }} required missing</span>
                } @else {
                  <tl-icon name="check" /><span class="tl-visually-hidden">, all required are there</span>
                }
              </span>
            </a>
          </li>
        }
      </ul>
    </nav>
  `,
  styleUrl: './group-nav.css',
})
export class GroupNav {
  readonly brief = input.required<BriefDraft>();
  protected readonly titles = GROUP_TITLES;
  protected readonly groups = computed(() =>
    measureCompleteness(this.brief()).map((group) => ({ ...group, percent: (100 * group.filled) / group.total })),
  );

  protected here(): string {
    return location.pathname;
  }

  protected jump(event: Event, group: string): void {
    event.preventDefault();
    const heading = document.getElementById(`group-${group}`);
    heading?.scrollIntoView({ block: 'start' });
    heading?.focus({ preventScroll: true });
  }
}
