import type { Input } from '@throughline/strategy-contract';
import type { OwnContent } from '../context/own-content.js';
import { byNewest, type Page } from '../context/pages.js';
import { identifiers } from '../findings/identifiers.js';
import { pageRows } from '../findings/inputs.js';
import { sayMonth } from '../findings/wording.js';
import { matchPages } from '../text/page-index.js';

/** How pages are matched with the brief's words. */
export const MATCHING =
  'Pages that share words with it (titles, excerpts and tags; stems weighed by idf, at least half of the weight)';

/** What the parts of the audience section share: the pages, and how to look them up. */
export class AudienceDesk {
  readonly id = identifiers('audience');

  constructor(readonly own: OwnContent) {}

  get hasPages(): boolean {
    return this.own.pages.length > 0;
  }

  /** Pages that speak to a text, best first. */
  match(text: string): Page[] {
    return matchPages(this.own.corpus, text).map(({ page }) => this.own.pages[page] as Page);
  }

  /** Pages that speak to any of some texts, best of the first text first. */
  matchAny(texts: readonly string[]): Page[] {
    return [...new Set(texts.flatMap((text) => this.match(text)))];
  }

  rows(): Input[] {
    return pageRows(this.own.pages, 'pages');
  }
}

/** When the newest of some pages came out, as half a sentence; empty where no page has a date. */
export function sayNewest(pages: readonly Page[]): string {
  const [newest] = [...pages].sort(byNewest);
  return newest?.published === undefined ? '' : `, the newest from ${sayMonth(newest.published)}`;
}
