import { capitalize, joinWords } from '../findings/wording.js';
import type { Corpus } from '../text/corpus.js';
import { chooseName, distinctTerms, rankTerms, type GroupTerm } from '../text/name-group.js';
import { surfaceForms } from '../text/surface-forms.js';

/** What a group of pages is called, and what else its pages speak of. */
export interface GroupName {
  title: string;
  terms: string[];
  /** The terms of the title, as stems. */
  key: string[];
  /** Pages that hold one of them, by position in the corpus. */
  pages: ReadonlySet<number>;
}

/** What a part of a topic is told from. */
export interface WithinTopic {
  /** Pages of the topic that are not in it. */
  others: number[];
  /** Terms that name the topic, or a part of it named before. */
  taken: readonly string[];
}

const MOST_TERMS = 8;
/** Share of a part's pages that its name has to stand on. */
const LEAST_NAMED_BY_PHRASE = 0.35;
const LEAST_NAMED_BY_WORD = 0.5;

function write(corpus: Corpus, name: readonly GroupTerm[], ranked: readonly GroupTerm[]): GroupName {
  const key = name.map(({ term }) => term);
  const distinct = distinctTerms(ranked, MOST_TERMS).map(({ term }) => term);
  const forms = surfaceForms(corpus, new Set([...key, ...distinct]));
  const written = (term: string) => forms.get(term) ?? term;
  return {
    title: capitalize(joinWords(key.map(written))),
    terms: distinct.map(written),
    key,
    pages: new Set(name.flatMap(({ pages }) => pages)),
  };
}

/** Names a topic by one or two of its terms; `undefined` where its pages share none that others lack. */
export function nameTopic(corpus: Corpus, members: readonly number[]): GroupName | undefined {
  const ranked = rankTerms(corpus, members);
  const name = chooseName(ranked, members.length);
  return name.length === 0 ? undefined : write(corpus, name, ranked);
}

/**
 * Names a part of a topic by the one term that tells it from the rest; `undefined` where none does: then the part is
 * the topic's core, or what is left over of it.
 */
export function nameCluster(
  corpus: Corpus,
  members: readonly number[],
  { others, taken }: WithinTopic,
): GroupName | undefined {
  const ranked = rankTerms(corpus, members, others);
  const [best] = chooseName(ranked, members.length);
  if (best === undefined || taken.some((other) => ` ${other} `.includes(` ${best.term} `))) return undefined;
  const least = best.term.includes(' ') ? LEAST_NAMED_BY_PHRASE : LEAST_NAMED_BY_WORD;
  return best.pages.length < least * members.length ? undefined : write(corpus, [best], ranked);
}
