import { ChangeDetectionStrategy, Component, input } from '@angular/core';
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
}

/** Findings as cards, one below the other. */
@Component({
  selector: 'tl-finding-list',
  imports: [FindingCard, PageList, TermList],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @for (finding of findings(); track finding.id) {
      @let more = extras(finding);
      <tl-finding-card [finding]="finding" [kind]="more.theme ?? finding.kind">
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
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(min(100%, 28rem), 1fr));
      gap: 1rem;
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

  protected extras(finding: Finding): Extras {
    return finding as Finding & Extras;
  }
}
