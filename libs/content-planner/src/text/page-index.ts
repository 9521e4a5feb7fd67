import type { Corpus } from './corpus.js';
import { meaningfulTokens, termsInText } from './corpus.js';
import { isWeakAlone } from './stop-words.js';
import type { Token } from './tokenize.js';
import { inverseFrequency } from './weigh-terms.js';

/** A page that speaks to a text. */
export interface Match {
  page: number;
  /** Share of the text's weight (idf) that the page holds, 0 to 1. */
  coverage: number;
}

// A page must hold half of what is asked, weighed by rarity; of long texts two thirds of a half and two words.
const LEAST_COVERAGE = 0.5;
const LEAST_COVERAGE_LONG = 0.34;
const LONG_TEXT = 4;

function isWeakPhrase(term: string, tokens: readonly Token[]): boolean {
  const words = term.split(' ');
  return (
    words.length === 2 && words.every((word) => tokens.some(({ stem, lower }) => stem === word && isWeakAlone(lower)))
  );
}

/**
 * Pages that speak to a text, best first: they share words of it, rare words weighing more. Words, not meanings: a
 * page that says the same in other words is not found.
 */
export function matchPages(corpus: Corpus, text: string): Match[] {
  const size = corpus.documents.length;
  const tokens = meaningfulTokens(text, corpus.stopWords);
  const terms = new Set(termsInText(tokens).map(({ term }) => term));
  // A phrase of weak words alone ("work order") counts as a word: each of its words says too little.
  const words = [...terms].filter((term) => !term.includes(' ') || isWeakPhrase(term, tokens));
  if (words.length === 0 || size === 0) return [];
  const weight = (term: string) => inverseFrequency(size, corpus.documentFrequency.get(term) ?? 0);
  const total = words.reduce((sum, word) => sum + weight(word), 0);
  const least = words.length >= LONG_TEXT ? LEAST_COVERAGE_LONG : LEAST_COVERAGE;
  return corpus.documents
    .map(({ terms: held, title }, page) => {
      const headline = new Set(termsInText(title).map(({ term }) => term));
      const inTitle = words.filter((word) => headline.has(word)).reduce((sum, word) => sum + weight(word), 0) / total;
      const shared = words.filter((word) => held.has(word));
      const phrases = [...terms].filter((term) => term.includes(' ') && held.has(term)).length;
      const coverage = shared.reduce((sum, word) => sum + weight(word), 0) / total;
      const isMatch = coverage >= least && (shared.length >= 2 || words.length <= 2);
      return { page, coverage, rank: isMatch ? coverage + 0.1 * phrases + 0.5 * inTitle : 0 };
    })
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank || a.page - b.page)
    .map(({ page, coverage }) => ({ page, coverage: Math.min(1, coverage) }));
}
