import type { ImportReason, ImportReport } from '@throughline/strategy-contract';
import { IMPORT_LIMITS } from './limits.js';

const { rows, urlChars, titleChars, excerptChars, tags, tagChars } = IMPORT_LIMITS;

/** Reasons that leave a row out. */
const SKIPPED = {
  missing_url: 'No address, so nothing to plan with.',
  bad_url: 'The address is not a whole web address such as https://example.org/page.',
  unsafe_url: 'The address is not a plain http or https address.',
  url_too_long: `The address is longer than ${urlChars} characters.`,
  duplicate_url: 'The address was there before; the first was kept.',
  too_many_fields: 'More cells than the header has columns; a cell that holds the separator needs quotation marks.',
  other_separator: 'The cells are separated by another character than the header is.',
  unclosed_quote: 'A quotation mark is opened and not closed.',
  text_after_quote: 'Text follows a closing quotation mark.',
  too_many_rows: `Only the first ${rows.toLocaleString('en')} rows are read.`,
} as const;

/** Reasons that keep a row, with less in it. */
const KEPT = {
  title_from_url: 'Kept: there was no title in words, so one was made from the address.',
  bad_date: 'Kept without a date: the one given is not a whole day that can be read.',
  ambiguous_date: 'Kept without a date: nothing in the file tells the day from the month. Write dates as YYYY-MM-DD.',
  bad_word_count: 'Kept without a word count: the one given is not a whole number.',
  field_cut: `Kept, with a long field cut (title ${titleChars}, excerpt ${excerptChars}, tag ${tagChars} characters; ${tags} tags).`,
} as const;

const MESSAGES = { ...SKIPPED, ...KEPT };
export type SkipCode = keyof typeof SKIPPED;
export type KeptCode = keyof typeof KEPT;

/** Counts what an import read, and why rows were left out or changed. */
export class ReportWriter {
  private read = 0;
  private skipped = 0;
  private readonly reasons = new Map<SkipCode | KeptCode, ImportReason>();

  /** Counts one more row and says which it is, from 1. */
  countRow(): number {
    return ++this.read;
  }

  skip(code: SkipCode, line: number): void {
    this.skipped += 1;
    this.note(code, line);
  }

  /** Notes a reason that does not leave the row out. */
  note(code: SkipCode | KeptCode, line: number): void {
    const reason = this.reasons.get(code) ?? { code, message: MESSAGES[code], count: 0, lines: [] };
    reason.count += 1;
    if (reason.lines.length < IMPORT_LIMITS.reportedLines) reason.lines.push(line);
    this.reasons.set(code, reason);
  }

  finish(): ImportReport {
    // Dates are settled at the end of the file, so that their lines may come out of order.
    const reasons = [...this.reasons.values()].map((reason) => ({
      ...reason,
      lines: reason.lines.sort((a, b) => a - b),
    }));
    return { read: this.read, kept: this.read - this.skipped, skipped: this.skipped, reasons };
  }
}
