import { httpResource } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, computed, effect, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import { MatTab, MatTabContent, MatTabGroup } from '@angular/material/tabs';
import { Title } from '@angular/platform-browser';
import { Router, RouterLink } from '@angular/router';
import {
  type ExportFormat,
  type Page,
  SECTION_KEYS,
  type SectionKey,
  type Strategy,
  type StrategyDocument,
  type StrategyVersion,
} from '@throughline/strategy-contract';
import { Icon } from '../ui/icon';
import { LoadError } from '../ui/load-error';
import { Loading } from '../ui/loading';
import { RUN_STATUS_LOOKS } from '../ui/run-status';
import { SECTION_TITLES } from '../ui/section-titles';
import { SourceNames } from '../ui/source-names';
import { StatusChip } from '../ui/status-chip';
import { formatDay } from '../ui/times';
import { SectionView } from './section-view';
import { StrategyOverview } from './strategy-overview';

const DOWNLOADS: readonly { format: ExportFormat; label: string }[] = [
  { format: 'md', label: 'Markdown, to read and edit' },
  { format: 'csv', label: 'CSV, for spreadsheets' },
  { format: 'ics', label: 'ICS, for calendars' },
  { format: 'json', label: 'JSON, the whole document' },
];
const OVERVIEW = 0;

/** One version of a strategy, to read: a tab per part. */
@Component({
  imports: [
    Icon,
    LoadError,
    Loading,
    MatButton,
    MatMenu,
    MatMenuItem,
    MatMenuTrigger,
    MatTab,
    MatTabContent,
    MatTabGroup,
    RouterLink,
    SectionView,
    StatusChip,
    StrategyOverview,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './strategy-page.html',
  styleUrl: './strategy-page.css',
})
export class StrategyPage {
  readonly id = input.required<string>();
  readonly version = input.required<string>();
  /** From the query, so that a part has an address. */
  readonly part = input<string>();

  readonly #router = inject(Router);
  readonly #title = inject(Title);
  readonly #names = inject(SourceNames);

  protected readonly base = computed(() => `/api/v1/strategies/${encodeURIComponent(this.id())}`);
  protected readonly document = httpResource<StrategyDocument>(
    () => `${this.base()}/versions/${encodeURIComponent(this.version())}`,
  );
  protected readonly strategy = httpResource<Strategy>(() => this.base());
  protected readonly versions = httpResource<Page<StrategyVersion>>(() => `${this.base()}/versions`);

  protected readonly keys = SECTION_KEYS;
  protected readonly titles = SECTION_TITLES;
  protected readonly downloads = DOWNLOADS;
  protected readonly name = computed(() => (this.strategy.hasValue() ? this.strategy.value().name : 'Strategy'));
  protected readonly list = computed(() => (this.versions.hasValue() ? this.versions.value().items : []));
  protected readonly here = computed(() => this.list().find(({ version }) => String(version) === this.version()));
  protected readonly look = computed(() => {
    const here = this.here();
    return here === undefined ? undefined : RUN_STATUS_LOOKS[here.status];
  });
  protected readonly selected = computed(() => SECTION_KEYS.indexOf(this.part() as SectionKey) + 1);
  protected readonly day = formatDay;

  constructor() {
    effect(() => {
      if (this.document.hasValue()) this.#names.learn(this.document.value().provenance.sources);
    });
    effect(() => this.#title.setTitle(`${this.name()}, version ${this.version()} – Throughline`));
  }

  protected open(index: number): void {
    const part = index === OVERVIEW ? null : SECTION_KEYS[index - 1];
    if ((part ?? undefined) === this.part()) return;
    void this.#router.navigate([], { queryParams: { part }, queryParamsHandling: 'merge', replaceUrl: true });
  }

  protected openPart(key: SectionKey): void {
    this.open(SECTION_KEYS.indexOf(key) + 1);
  }

  protected exportUrl(format: ExportFormat): string {
    return `${this.base()}/versions/${encodeURIComponent(this.version())}/export?format=${format}`;
  }
}
