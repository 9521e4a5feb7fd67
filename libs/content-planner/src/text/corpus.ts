import type { ContentItem } from '@throughline/strategy-contract';
import { dropBoilerplate } from './boilerplate.js';
import type { Brands } from './brand-words.js';
import { cleanText } from './clean-text.js';
import { chooseStopWords, isWeakAlone } from './stop-words.js';
import { tokenize, type Token } from './tokenize.js';

/** A page as text: its words without stop words and names. */
export interface CorpusDocument {
  title: Token[];
  body: Token[];
  tags: Token[][];
  /** How often each term stands in it (stems; phrases joined by a space), titles counted twice. */
  terms: Map<string, number>;
}

/** Pages as text, with how many hold each term. */
export interface Corpus {
  documents: CorpusDocument[];
  documentFrequency: Map<string, number>;
  /** Words that carry no meaning here. */
  stopWords: ReadonlySet<string>;
}

/** What to read of the pages. */
export interface ReadingOptions {
  brands?: Brands;
  /** Whether the site's own tags are text. Off where tags are to check what the text gives. */
  isWithTags?: boolean;
}

const TITLE_WEIGHT = 2;
const LONGEST_PHRASE = 3;

function isNameAt(tokens: readonly Token[], at: number, name: readonly string[]): boolean {
  return name.every((stem, offset) => tokens[at + offset]?.stem === stem);
}

function dropNames(tokens: Token[], { words, phrases }: Brands): Token[] {
  const dropped = new Set<number>();
  tokens.forEach((token, at) => {
    if (words.has(token.stem)) dropped.add(at);
    for (const name of phrases) {
      if (isNameAt(tokens, at, name)) name.forEach((_, offset) => dropped.add(at + offset));
    }
  });
  return dropped.size === 0 ? tokens : tokens.filter((_, at) => !dropped.has(at));
}

/** One term of a text: a word, or a phrase of two or three words that stand next to each other. */
export interface TermInText {
  term: string;
  tokens: Token[];
}

/** Terms of a text. */
export function termsInText(tokens: readonly Token[]): TermInText[] {
  const terms: TermInText[] = [];
  tokens.forEach((token, at) => {
    const run = [token];
    if (!isWeakAlone(token.lower)) terms.push({ term: token.stem, tokens: [token] });
    for (let next = at + 1; next < at + LONGEST_PHRASE && next < tokens.length; next += 1) {
      const current = tokens[next] as Token;
      if (current.position - (run[run.length - 1] as Token).position !== 1) break;
      run.push(current);
      terms.push({ term: run.map(({ stem }) => stem).join(' '), tokens: [...run] });
    }
  });
  return terms;
}

function countTerms({ title, body, tags }: Omit<CorpusDocument, 'terms'>): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (tokens: Token[], weight: number) => {
    for (const { term } of termsInText(tokens)) counts.set(term, (counts.get(term) ?? 0) + weight);
  };
  add(title, TITLE_WEIGHT);
  add(body, 1);
  for (const tag of tags) add(tag, 1);
  return counts;
}

/** Words of a text that carry meaning, as the corpus sees them. */
export function meaningfulTokens(text: string, stopWords: ReadonlySet<string>): Token[] {
  return tokenize(cleanText(text)).filter(({ lower }) => !stopWords.has(lower));
}

/** Reads pages as text: entities decoded, repeated notices, names and stop words dropped. */
export function readCorpus(items: readonly ContentItem[], options: ReadingOptions = {}): Corpus {
  const { brands = { words: new Set<string>(), phrases: [] }, isWithTags = false } = options;
  const bodies = dropBoilerplate(items.map(({ excerpt = '' }) => cleanText(excerpt)));
  const raw = items.map((item, at) => ({
    title: tokenize(cleanText(item.title), true),
    body: tokenize(bodies[at] as string),
    tags: isWithTags ? item.tags.map((tag) => tokenize(cleanText(tag.replace(/[-_]+/g, ' ')), true)) : [],
  }));
  const stopWords = chooseStopWords(raw.flatMap(({ title, body }) => [...title, ...body].map(({ lower }) => lower)));
  const keep = (tokens: Token[]) => dropNames(tokens, brands).filter(({ lower }) => !stopWords.has(lower));
  const documents = raw.map(({ title, body, tags }): CorpusDocument => {
    const kept = { title: keep(title), body: keep(body), tags: tags.map(keep) };
    return { ...kept, terms: countTerms(kept) };
  });
  const documentFrequency = new Map<string, number>();
  for (const { terms } of documents) {
    for (const term of terms.keys()) documentFrequency.set(term, (documentFrequency.get(term) ?? 0) + 1);
  }
  return { documents, documentFrequency, stopWords };
}
