import { stem } from './stem.js';

/** A word of a text. */
export interface Token {
  /** As it stands in the text. */
  surface: string;
  lower: string;
  stem: string;
  /** Position among the words of its text; words next to each other in one clause differ by one. */
  position: number;
  /** Starts a sentence or stands in a title, so that a capital says nothing. */
  isOpening: boolean;
  /** Whether a hyphen ties it to the word before. */
  isHyphenated: boolean;
  /** Whether it is one part of a word with a hyphen, before or after it: "buy" in "buy-in". */
  isCompound: boolean;
}

const WORD = /[\p{L}\p{N}]+(?:[''.&][\p{L}\p{N}]+)*/gu;

// "Part 3" numbers a page; it is no word of its subject.
const NUMBERING = /^(?:part|episode|chapter|volume|vol|week|day|no)$/;

function isNumbering(lower: string, after: string): boolean {
  return NUMBERING.test(lower) && /^\.?\s*\d/.test(after);
}

function isWord(lower: string): boolean {
  return lower.length > 1 && !/^\p{N}+$/u.test(lower);
}

/**
 * Words of a text. Between clauses the position jumps, so that no phrase reaches over a full stop or a comma.
 *
 * @param text as `cleanText` gives it.
 * @param isTitle whether capitals are a matter of style throughout.
 */
export function tokenize(text: string, isTitle = false): Token[] {
  const tokens: Token[] = [];
  let end = 0;
  let position = 0;
  for (const match of text.matchAll(WORD)) {
    const between = text.slice(end, match.index);
    const isNewClause = /[.,;:!?()"|/–—•]|\s-\s/.test(between);
    position += isNewClause ? 2 : 1;
    end = match.index + match[0].length;
    const surface = match[0].replace(/(?:n't|'[a-z]*)$/i, '');
    const lower = surface.toLowerCase();
    const after = text.slice(end, end + 4);
    if (!isWord(lower) || isNumbering(lower, after)) continue;
    const isHyphenated = between === '-';
    const isOpening = isTitle || tokens.length === 0 || /[.!?:"]/.test(between);
    const isCompound = isHyphenated || /^-\p{L}/u.test(after);
    tokens.push({ surface, lower, stem: stem(lower), position, isOpening, isHyphenated, isCompound });
  }
  return tokens;
}
