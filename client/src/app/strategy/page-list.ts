import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { PageRef } from '@throughline/strategy-contract';
import { formatDay } from '../ui/times';

const FIRST = 5;

/** Pages that a finding names, with their addresses and dates. */
@Component({
  selector: 'tl-page-list',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (pages().length && !isFolded()) {
      <p class="tl-small heading">{{ heading() }}</p>
      <ul class="pages">
        @for (page of first(); track page.url) {
          <li>
            <a [href]="page.url" target="_blank" rel="noopener noreferrer">{{ page.title }}</a>
            @if (page.published) {
              <span class="tl-small tl-quiet">{{ day(page.published) }}</span>
            }
          </li>
        }
      </ul>
    }
    @if (others().length) {
      <details>
        <summary class="tl-small">
          {{ isFolded() ? heading() + ': ' + others().length : others().length + ' more' }}
        </summary>
        <ul class="pages">
          @for (page of others(); track page.url) {
            <li>
              <a [href]="page.url" target="_blank" rel="noopener noreferrer">{{ page.title }}</a>
            </li>
          }
        </ul>
      </details>
    }
  `,
  styles: `
    :host(:empty) {
      display: none;
    }

    .heading {
      margin-bottom: 0.25rem;
      font-weight: 600;
      color: var(--mat-sys-on-surface-variant);
    }

    .pages {
      display: grid;
      gap: 0.25rem;
      font-size: 0.9375rem;
    }

    li {
      overflow-wrap: anywhere;
    }

    span {
      margin-inline-start: 0.5rem;
      white-space: nowrap;
    }

    summary {
      width: fit-content;
      margin-top: 0.375rem;
      cursor: pointer;
      color: var(--mat-sys-on-surface-variant);
    }
  `,
})
export class PageList {
  readonly heading = input('Among its pages');
  readonly pages = input.required<readonly PageRef[]>();

  /** Shows none until asked: for cards that are small. */
  readonly isFolded = input(false);

  protected readonly first = computed(() => this.pages().slice(0, FIRST));
  protected readonly others = computed(() => (this.isFolded() ? this.pages() : this.pages().slice(FIRST)));
  protected readonly day = formatDay;
}
