import type { ContentItem } from '@throughline/strategy-contract';
import { type KeptCode, ReportWriter, type SkipCode } from './import-report.js';
import { ItemDates } from './item-dates.js';
import { IMPORT_LIMITS } from './limits.js';
import { readAddress } from './page-address.js';
import type { ParsedFile } from './parsed-file.js';
import { cutText } from './plain-text.js';
import { isTitleInWords, titleFromUrl } from './title-from-url.js';

/** What a file says of one page: each a single line of plain text, empty or absent where it says nothing. */
export interface RawItem {
  url: string;
  title?: string;
  published?: string;
  modified?: string;
  excerpt?: string;
  tags?: readonly string[];
  wordCount?: string;
}

/** Digits, with a separator of thousands in its places. */
const WHOLE_NUMBER = /^(?:\d{1,8}|\d{1,3}(?:[.,'\u2009\u202F\u00A0 ]\d{3}){1,2})$/;

/** Makes items of what a parser reads, whatever the format, and keeps the account of it. */
export class ItemCollector {
  private readonly items: ContentItem[] = [];
  private readonly urls = new Set<string>();
  private readonly report = new ReportWriter();
  private readonly dates = new ItemDates(this.report);

  /** Counts a row that cannot be read. */
  skip(code: SkipCode, line: number): void {
    this.report.skip(this.report.countRow() > IMPORT_LIMITS.rows ? 'too_many_rows' : code, line);
  }

  /** Takes a row; without `line`, its number among the rows stands for it. */
  add(raw: RawItem, line?: number): void {
    const row = this.report.countRow();
    const place = line ?? row;
    if (row > IMPORT_LIMITS.rows) return this.report.skip('too_many_rows', place);
    const address = readAddress(raw.url);
    if ('fault' in address) return this.report.skip(address.fault, place);
    if (this.urls.has(address.url)) return this.report.skip('duplicate_url', place);
    this.urls.add(address.url);
    this.items.push(this.toItem(address.url, raw, place));
  }

  finish(): ParsedFile {
    this.dates.finish();
    return { items: this.items, report: this.report.finish() };
  }

  private toItem(url: string, raw: RawItem, line: number): ContentItem {
    const notes = new Set<KeptCode>();
    const cut = (text: string, max: number): string => {
      if (text.length > max) notes.add('field_cut');
      return cutText(text, max);
    };
    const isOwnTitle = raw.title !== undefined && isTitleInWords(raw.title);
    if (!isOwnTitle) notes.add('title_from_url');
    const item: ContentItem = {
      url,
      title: cut(isOwnTitle ? raw.title! : titleFromUrl(url), IMPORT_LIMITS.titleChars),
      tags: this.toTags(raw.tags ?? [], cut, notes),
    };
    this.dates.set(item, 'published', raw.published, line);
    this.dates.set(item, 'modified', raw.modified, line);
    if (raw.excerpt) item.excerpt = cut(raw.excerpt, IMPORT_LIMITS.excerptChars);
    this.setWordCount(item, raw.wordCount ?? '', notes);
    if (!isOwnTitle) item.isTitleFromUrl = true;
    for (const code of notes) this.report.note(code, line);
    return item;
  }

  private toTags(raw: readonly string[], cut: (text: string, max: number) => string, notes: Set<KeptCode>): string[] {
    const tags = new Set(raw.map((tag) => cut(tag.trim(), IMPORT_LIMITS.tagChars)).filter((tag) => tag !== ''));
    if (tags.size > IMPORT_LIMITS.tags) notes.add('field_cut');
    return [...tags].slice(0, IMPORT_LIMITS.tags);
  }

  private setWordCount(item: ContentItem, text: string, notes: Set<KeptCode>): void {
    if (text === '') return;
    const count = WHOLE_NUMBER.test(text) ? Number(text.replace(/\D/g, '')) : Number.NaN;
    if (count <= IMPORT_LIMITS.wordCount) item.wordCount = count;
    else notes.add('bad_word_count');
  }
}
