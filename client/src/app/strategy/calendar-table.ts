import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { CalendarFinding } from '@throughline/strategy-contract';
import { FigureList } from '../ui/figure-list';
import { Icon } from '../ui/icon';
import type { IconName } from '../ui/icons';
import { Evidence } from './evidence';
import { FindingList } from './finding-list';
import { inWords } from './in-words';

const ACTION_ICONS: Record<CalendarFinding['action'], IconName> = { write: 'add', refresh: 'retry', merge: 'reuse' };

interface Month {
  title: string;
  entries: CalendarFinding[];
}

const DAY = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' });
const MONTH = new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' });

/** Dated entries by month, in the order of their days. */
export function groupByMonth(entries: readonly CalendarFinding[]): Month[] {
  const dated = entries.filter(({ date }) => date !== undefined);
  const months = new Map<string, CalendarFinding[]>();
  for (const entry of dated.sort((one, other) => one.date!.localeCompare(other.date!))) {
    const key = entry.date!.slice(0, 7);
    months.set(key, [...(months.get(key) ?? []), entry]);
  }
  return [...months].map(([key, list]) => ({ title: MONTH.format(new Date(`${key}-01`)), entries: list }));
}

/** The calendar: a month at a time, and what did not fit with the constraint that binds. */
@Component({
  selector: 'tl-calendar-table',
  imports: [Evidence, FigureList, FindingList, Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './calendar-table.html',
  styles: `
    :host {
      display: grid;
      gap: 2rem;
    }

    h3 {
      margin-bottom: 0.75rem;
    }

    .day {
      white-space: nowrap;
    }

    .title {
      min-width: 13rem;
      font-weight: 500;
    }

    .title > a {
      display: inline-block;
      padding-block: 2px;
    }

    summary {
      width: fit-content;
      min-height: 1.5rem;
      cursor: pointer;
    }

    .why {
      display: grid;
      gap: 0.625rem;
      padding: 0.375rem 0 0.25rem;
      font-weight: 400;
    }

    .action {
      display: inline-flex;
      align-items: center;
      gap: 0.375rem;
      white-space: nowrap;
    }
  `,
})
export class CalendarTable {
  readonly findings = input.required<readonly CalendarFinding[]>();
  /** Titles by id of what entries are about: topics, and needs and gaps that no topic covers yet. */
  readonly subjects = input.required<ReadonlyMap<string, string>>();

  protected readonly months = computed(() => groupByMonth(this.findings()));
  protected readonly unscheduled = computed(() => this.findings().filter(({ kind }) => kind === 'unscheduled'));
  protected readonly hasOwners = computed(() => this.findings().some(({ owner }) => owner !== undefined));
  protected readonly icons = ACTION_ICONS;
  protected readonly words = inWords;

  protected day(date: string): string {
    return DAY.format(new Date(date));
  }
}
