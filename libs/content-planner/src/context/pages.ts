import type { ContentItem, PageRef } from '@throughline/strategy-contract';
import { pageTitle } from '../findings/wording.js';
import type { PlannerSource } from '../planner-input.js';

/** A page with the source that it came from. */
export interface Page extends ContentItem {
  sourceId: string;
}

/** Pages of several sources, each address once. */
export function collectPages(sources: readonly PlannerSource[]): Page[] {
  const pages = new Map<string, Page>();
  for (const { id, items } of sources) {
    for (const item of items) if (!pages.has(item.url)) pages.set(item.url, { ...item, sourceId: id });
  }
  return [...pages.values()];
}

/** A page as a finding names it. */
export function pageRef(page: Page): PageRef {
  const { url, sourceId, published } = page;
  return { url, title: pageTitle(page), sourceId, ...(published === undefined ? {} : { published }) };
}

/** Newest first; pages without a date last; by address where that is equal. */
export function byNewest(a: ContentItem, b: ContentItem): number {
  const [dateA, dateB] = [a.published ?? '', b.published ?? ''];
  if (dateA !== dateB) return dateA < dateB ? 1 : -1;
  return a.url < b.url ? -1 : a.url > b.url ? 1 : 0;
}

/** When a page was last worked on, as far as its source tells. */
export function lastTouched(page: ContentItem): string | undefined {
  return page.modified ?? page.published;
}
