import { ChangeDetectionStrategy, Component, computed, input, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { Finding, PageRef } from '@throughline/strategy-contract';
import { FindingCard } from './finding-card';
import { PageList } from './page-list';
import { TermList } from './term-list';

/** What findings of several sections have beside what all have. */
interface Extras {
  terms?: string[];
  pages?: PageRef[];
  ownPages?: PageRef[];
  competitorPages?: PageRef[];
  formats?: string[];
  theme?: string;
  stage?: string;
  rule?: string;
  drivers?: string[];
  mitigation?: string;
  url?: string;
  query?: string;
  constraint?: string;
}

/** How many cards come at once: findings are in the order of their weight. */
const PAGE_SIZE = 12;

/** Findings as cards, the first ones first. */
@Component({
  selector: 'tl-finding-list',
  imports: [FindingCard, MatButton, PageList, TermList],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @for (finding of shown(); track finding.id) {
      @let more = extras(finding);
      <tl-finding-card [finding]="finding" [kind]="kindOf(finding)">
        @if (more.terms?.length) {
          <tl-term-list [terms]="more.terms!" />
        }
        @if (more.formats?.length) {
          <tl-term-list label="Formats" [terms]="more.formats!" />
        }
        @if (more.drivers?.length) {
          <div>
            <p class="tl-small name">What drives it</p>
            <ul>
              @for (driver of more.drivers; track $index) {
                <li>{{ driver }}</li>
              }
            </ul>
          </div>
        }
        @if (more.mitigation) {
          <p class="do"><strong>What to do.</strong> {{ more.mitigation }}</p>
        }
        @if (more.constraint) {
          <p class="tl-quiet">Held back by: {{ more.constraint }}</p>
        }
        @if (more.query) {
          <p>Search: “{{ more.query }}”</p>
        }
        @if (more.url) {
          <a [href]="more.url" target="_blank" rel="noopener noreferrer">{{ more.url }}</a>
        }
        <tl-page-list [pages]="more.pages ?? []" />
        <tl-page-list heading="Your pages" [pages]="more.ownPages ?? []" />
        <tl-page-list heading="Their pages" [pages]="more.competitorPages ?? []" />
      </tl-finding-card>
    }
    @if (rest() > 0) {
      <button class="more" matButton="outlined" type="button" (click)="showMore()">
        Show more ({{ rest() }} left)
      </button>
    }
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(min(100%, 28rem), 1fr));
      gap: 1rem;
    }

    .more {
      grid-column: 1 / -1;
      justify-self: start;
    }

    .name {
      font-weight: 600;
      color: var(--mat-sys-on-surface-variant);
    }

    ul {
      padding-inline-start: 1.25rem;
    }

    .do {
      padding: 0.75rem 0.875rem;
      border-radius: 10px;
      background: var(--mat-sys-surface-container);
    }

    a {
      overflow-wrap: anywhere;
    }
  `,
})
export class FindingList {
  readonly findings = input.required<readonly Finding[]>();
  readonly #limit = signal(PAGE_SIZE);
  protected readonly shown = computed(() => this.findings().slice(0, this.#limit()));
  protected readonly rest = computed(() => this.findings().length - this.shown().length);

  readonly #hasOneKind = computed(() => new Set(this.findings().map(({ kind }) => kind)).size === 1);

  protected showMore(): void {
    this.#limit.update((limit) => limit + PAGE_SIZE);
  }

  /** What kind of finding it is, where its section has more than one. */
  protected kindOf(finding: Finding): string | undefined {
    return this.extras(finding).theme ?? (this.#hasOneKind() ? undefined : finding.kind);
  }

  protected extras(finding: Finding): Extras {
    return finding as Finding & Extras;
  }
}
