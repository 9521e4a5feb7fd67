import type { Corpus } from './corpus.js';

/** Terms that tell a group of pages from the others. */
export interface GroupTerm {
  term: string;
  /** Whether titles or tags use it: then it is what people call the thing, and no turn of a sentence. */
  isTitled: boolean;
  /** Pages of the group that hold it, by position in the corpus. */
  pages: number[];
  score: number;
}

const MOST_TERMS = 40;
/** Pages of the group, and share of those with the term, that have to call it so. */
const LEAST_TITLES = 2;
const LEAST_TITLED = 0.15;

function countIn(corpus: Corpus, members: readonly number[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const at of members) {
    for (const term of (corpus.documents[at] as { terms: Map<string, number> }).terms.keys()) {
      const pages = found.get(term);
      if (pages === undefined) found.set(term, [at]);
      else pages.push(at);
    }
  }
  return found;
}

function countTitles(corpus: Corpus, term: string, pages: readonly number[]): number {
  const [first, ...rest] = term.split(' ');
  return pages.filter((at) => {
    const { title, tags } = corpus.documents[at] as Corpus['documents'][number];
    return [title, ...tags].some((tokens) =>
      tokens.some(
        ({ stem, isCompound }, from) =>
          stem === first &&
          // "Buy-in" is not about "buy".
          (rest.length > 0 || !isCompound) &&
          rest.every((word, offset) => tokens[from + 1 + offset]?.stem === word),
      ),
    );
  }).length;
}

/**
 * Ranks the terms that tell a group of pages from the rest: the share of its pages that hold the term, times the
 * smoothed log ratio of that share to the rest's. Phrases, words that stand in titles and words that are not
 * everywhere come first, as a reader would use those.
 *
 * @param against the pages to tell it from; all others where absent.
 */
export function rankTerms(corpus: Corpus, members: readonly number[], against?: readonly number[]): GroupTerm[] {
  const inside = countIn(corpus, members);
  const outside = against === undefined ? undefined : countIn(corpus, against);
  const others = against?.length ?? corpus.documents.length - members.length;
  const least = Math.max(2, Math.ceil(members.length * 0.07));
  const ranked = [...inside]
    .filter(([, pages]) => pages.length >= least)
    .map(([term, pages]): GroupTerm => {
      const elsewhere =
        outside === undefined
          ? (corpus.documentFrequency.get(term) ?? 0) - pages.length
          : (outside.get(term)?.length ?? 0);
      const ratio = Math.log((pages.length + 0.5) / (members.length + 1) / ((elsewhere + 0.5) / (others + 1)));
      const titles = countTitles(corpus, term, pages);
      const inTitles = 0.1 + Math.min(1, (2 * titles) / pages.length);
      const length = term.includes(' ') ? 1.7 : 1;
      const rarity = (1 - (corpus.documentFrequency.get(term) ?? 0) / corpus.documents.length) ** 3;
      const isTitled = titles >= Math.max(LEAST_TITLES, LEAST_TITLED * pages.length);
      return { term, isTitled, pages, score: (pages.length / members.length) * ratio * inTitles * length * rarity };
    })
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || (a.term < b.term ? -1 : 1));
  const titled = ranked.filter(({ isTitled }) => isTitled);
  return (titled.length === 0 ? ranked : titled).slice(0, MOST_TERMS);
}

const sharesWord = (a: string, b: string): boolean => a.split(' ').some((word) => b.split(' ').includes(word));
const overlap = (a: readonly number[], b: readonly number[]): number => {
  const inA = new Set(a);
  return b.filter((at) => inA.has(at)).length / Math.min(a.length, b.length);
};

// "micro purchas" says more than "purchas" where most pages with the one have the other.
function lengthen(best: GroupTerm, terms: readonly GroupTerm[]): GroupTerm {
  const longer = terms
    .filter(({ term }) => term !== best.term && ` ${term} `.includes(` ${best.term} `))
    .filter(({ pages }) => pages.length >= 0.5 * best.pages.length)
    .sort((a, b) => b.pages.length - a.pages.length || b.term.length - a.term.length || (a.term < b.term ? -1 : 1));
  const [next] = longer;
  return next === undefined ? best : lengthen(next, terms);
}

/** Share of a group's pages that a second name has to add to the first. */
const LEAST_ADDED = 0.15;

function newPages({ pages }: GroupTerm, { pages: known }: GroupTerm): number {
  const seen = new Set(known);
  return pages.filter((at) => !seen.has(at)).length;
}

/** One or two terms that name a group: the second only where the first leaves many of its pages out. */
export function chooseName(terms: readonly GroupTerm[], size: number): GroupTerm[] {
  const [first] = terms;
  if (first === undefined) return [];
  const best = lengthen(first, terms);
  const isWord = !best.term.includes(' ');
  if (best.pages.length >= 0.55 * size && !isWord) return [best];
  const second = terms.find(
    (other) =>
      newPages(other, best) >= LEAST_ADDED * size &&
      other.score >= (isWord ? 0.2 : 0.4) * best.score &&
      (other.term.includes(' ') || other.pages.length >= 0.15 * size) &&
      !sharesWord(other.term, best.term) &&
      overlap(best.pages, other.pages) < (isWord ? 0.9 : 0.5),
  );
  return second === undefined ? [best] : [best, lengthen(second, terms)].filter(isFirstOfItsWords);
}

function isFirstOfItsWords({ term }: GroupTerm, at: number, all: readonly GroupTerm[]): boolean {
  return !all.slice(0, at).some((other) => sharesWord(other.term, term));
}

/** Terms worth showing: none that repeats the words of one before it. */
export function distinctTerms(terms: readonly GroupTerm[], most: number): GroupTerm[] {
  const kept: GroupTerm[] = [];
  for (const candidate of terms) {
    if (kept.length === most) break;
    const longest = lengthen(candidate, terms);
    if (!kept.some(({ term }) => sharesWord(term, longest.term))) kept.push(longest);
  }
  return kept;
}
