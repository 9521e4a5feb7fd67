import { termsInText, type Corpus, type TermInText } from './corpus.js';
import type { Token } from './tokenize.js';

// "APIs", "cloud.gov" and "UX" are written so wherever they stand; "Design" only where it opens a sentence or title.
const isShaped = (surface: string): boolean => /\p{L}.*\p{Lu}|\d/u.test(surface) && surface.toLowerCase() !== surface;

function surfaceOf(tokens: readonly Token[]): string {
  return tokens
    .map(({ surface, isOpening, lower, isHyphenated }, at) => {
      const word = isOpening && !isShaped(surface) ? lower : surface;
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

/** How terms are mostly written: `user center design` → `user-centered design`. */
export function surfaceForms(corpus: Corpus, wanted: ReadonlySet<string>): Map<string, string> {
  const forms = new Map<string, Map<string, number>>();
  for (const { title, body, tags } of corpus.documents) {
    const count = (found: TermInText, weight: number): void => {
      if (!wanted.has(found.term)) return;
      const counts = forms.get(found.term) ?? new Map<string, number>();
      const surface = surfaceOf(found.tokens);
      counts.set(surface, (counts.get(surface) ?? 0) + weight);
      forms.set(found.term, counts);
    };
    for (const found of [title, body].flatMap(termsInText)) count(found, weightOf(found));
    for (const found of tags.flatMap(termsInText)) count(found, TAG_WEIGHT);
  }
  return new Map(
    [...forms].map(([term, counts]) => {
      const [best] = [...counts].sort(([a, timesA], [b, timesB]) => timesB - timesA || (a < b ? -1 : 1));
      return [term, (best as [string, number])[0]];
    }),
  );
}
