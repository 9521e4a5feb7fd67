import { termsInText, type Corpus, type TermInText } from './corpus.js';
import type { Token } from './tokenize.js';

// "APIs", "cloud.gov" and "UX" are written so wherever they stand; "Design" only where it opens a sentence or title.
const isShaped = (surface: string): boolean => /\p{L}.*\p{Lu}|\d/u.test(surface) && surface.toLowerCase() !== surface;

// How often words stand in small and in capital letters where a capital means something.
function countCases(corpus: Corpus): Map<string, { small: number; capital: number }> {
  const cases = new Map<string, { small: number; capital: number }>();
  for (const { surface, lower, isOpening } of corpus.documents.flatMap(({ body }) => body)) {
    if (isOpening) continue;
    const entry = cases.get(lower) ?? { small: 0, capital: 0 };
    if (surface === lower) entry.small += 1;
    else entry.capital += 1;
    cases.set(lower, entry);
  }
  return cases;
}

function surfaceOf(tokens: readonly Token[], cases: ReturnType<typeof countCases>): string {
  return tokens
    .map(({ surface, isOpening, lower, isHyphenated }, at) => {
      const { small = 0, capital = 0 } = cases.get(lower) ?? {};
      const isName = capital > 0 && small === 0;
      const isCommon = small > 0 && !isShaped(surface) && tokens.length === 1;
      const isAmongNames = tokens.some((other) => !other.isOpening && other.surface !== other.lower);
      const isSmall = (isOpening && !isShaped(surface) && !isName && !isAmongNames) || isCommon;
      const word = isSmall ? lower : surface;
      return at === 0 ? word : `${isHyphenated ? '-' : ' '}${word}`;
    })
    .join('');
}

// All capitals in a title that shouts say nothing about a word.
function weightOf({ tokens }: TermInText): number {
  return tokens.some(({ isOpening }) => isOpening) ? 1 : 2;
}

// Tags are written as addresses are: no capitals, no hyphens.
const TAG_WEIGHT = 0.05;

/** Share of a term's places from which on its plural is its name. */
const PLURAL_SHARE = 0.25;

// Titles say "work order backlog", but what it is about is called "work orders".
function chooseForm(counts: ReadonlyMap<string, number>, tagNames: ReadonlySet<string>): string {
  const ranked = [...counts].sort(([a, timesA], [b, timesB]) => timesB - timesA || (a < b ? -1 : 1));
  const [best = ''] = ranked[0] ?? [];
  const total = ranked.reduce((sum, [, times]) => sum + times, 0);
  const plural = ranked.find(([form]) => form.toLowerCase() === `${best.toLowerCase()}s`);
  if (plural === undefined) return best;
  return plural[1] >= PLURAL_SHARE * total || tagNames.has(plural[0].toLowerCase()) ? plural[0] : best;
}

/** How terms are mostly written: `user center design` → `user-centered design`. */
export function surfaceForms(corpus: Corpus, wanted: ReadonlySet<string>): Map<string, string> {
  const forms = new Map<string, Map<string, number>>();
  const cases = countCases(corpus);
  const tagNames = new Set<string>();
  for (const { title, body, tags } of corpus.documents) {
    const count = (found: TermInText, weight: number): void => {
      if (!wanted.has(found.term)) return;
      const counts = forms.get(found.term) ?? new Map<string, number>();
      const surface = surfaceOf(found.tokens, cases);
      counts.set(surface, (counts.get(surface) ?? 0) + weight);
      forms.set(found.term, counts);
    };
    for (const found of [title, body].flatMap(termsInText)) count(found, weightOf(found));
    for (const found of tags.flatMap(termsInText)) count(found, TAG_WEIGHT);
    for (const tag of tags) tagNames.add(tag.map(({ lower }) => lower).join(' '));
  }
  return new Map([...forms].map(([term, counts]) => [term, chooseForm(counts, tagNames)]));
}
