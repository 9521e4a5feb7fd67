import type { ContentItem } from '@throughline/strategy-contract';
import type { ReportWriter } from './import-report.js';
import { readDate, toDay } from './read-date.js';

interface Pending {
  item: ContentItem;
  key: 'published' | 'modified';
  line: number;
  first: number;
  second: number;
  year: number;
}

/**
 * Sets the dates of a file's items. `03/12/2014` is read as the rest of the file writes its dates: one `25/12/2014`
 * among them shows that days come first. Where nothing shows it, the date is left out rather than guessed.
 */
export class ItemDates {
  private readonly pending: Pending[] = [];

  constructor(private readonly report: ReportWriter) {}

  set(item: ContentItem, key: 'published' | 'modified', text: string | undefined, line: number): void {
    if (text === undefined || text === '') return;
    const reading = readDate(text);
    if (reading === undefined) this.report.note('bad_date', line);
    else if ('day' in reading) item[key] = reading.day;
    else this.pending.push({ item, key, line, ...reading });
  }

  /** Settles the dates whose order was open. */
  finish(): void {
    const isDayFirst = this.pending.some(({ first }) => first > 12);
    const isMonthFirst = this.pending.some(({ second }) => second > 12);
    for (const { item, key, line, first, second, year } of this.pending) {
      const dayFirst = toDay(year, second, first);
      const monthFirst = toDay(year, first, second);
      const day =
        isDayFirst === isMonthFirst ? this.onlyReading(dayFirst, monthFirst) : isDayFirst ? dayFirst : monthFirst;
      if (day !== undefined) item[key] = day;
      else this.report.note(dayFirst === undefined || monthFirst === undefined ? 'bad_date' : 'ambiguous_date', line);
    }
  }

  /** With both orders or none in the file, a date stands only if one reading of it is in the calendar, or both are the same. */
  private onlyReading(dayFirst: string | undefined, monthFirst: string | undefined): string | undefined {
    if (dayFirst === monthFirst) return dayFirst;
    return dayFirst === undefined || monthFirst === undefined ? (dayFirst ?? monthFirst) : undefined;
  }
}
