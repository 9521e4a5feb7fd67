import { findBrands } from '../text/brand-words.js';
import { readCorpus, type Corpus } from '../text/corpus.js';
import type { Page } from './pages.js';
import { collectPages } from './pages.js';
import type { SectionContext } from './section-context.js';

/** The user's pages and their text; page `i` is document `i`. */
export interface OwnContent {
  /** What the site is called in a sentence. */
  name: string;
  pages: Page[];
  corpus: Corpus;
}

/** What sites are called in a sentence: the names of their sources, or what stands for them. */
export function siteName(sources: readonly { name: string }[], fallback: string): string {
  const names = [...new Set(sources.map(({ name }) => name))];
  return names.length === 1 ? (names[0] as string) : fallback;
}

/** Reads the user's pages as text. */
export function readOwnContent(context: SectionContext, isWithTags: boolean): OwnContent {
  const sources = context.ownSources();
  const pages = collectPages(sources);
  const brands = findBrands(sources.map(({ name, items }) => ({ name, urls: items.map(({ url }) => url) })));
  return {
    name: siteName(sources, 'Your site'),
    pages,
    corpus: readCorpus(pages, { brands, isWithTags }),
  };
}
