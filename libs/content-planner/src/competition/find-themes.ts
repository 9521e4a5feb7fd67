import { termsInText, type Corpus } from '../text/corpus.js';

/** What both sites write about, with where. */
export interface Theme {
  term: string;
  /** Other terms on the same pages. */
  related: string[];
  /** The first of them where it is a second name: no word in common, and on at least half as many pages. */
  alias?: string;
  own: number[];
  competitor: number[];
  /** Whether pages are tagged with it, or there are no tags to tell. */
  isTag: boolean;
  /** Smoothed log-odds of the competitor's share against the own share. */
  logOdds: number;
  /** `logOdds` in standard deviations; above zero the competitor has more. */
  z: number;
}

const LEAST_PAGES = 5;
/** Pages that have to be tagged with a term for it to be a theme. */
const LEAST_TAGGED = 3;
const PRIOR = 0.5;
const MOST_SHARED = 0.5;
/** Deviations from which on a difference is not chance (95 %). */
export const CLEAR_DIFFERENCE = 1.96;

interface Counted {
  term: string;
  own: number[];
  competitor: number[];
  /** Pages that have it in their title. */
  titled: number;
  /** Pages that have it as a tag. */
  tagged: number;
}

function countTerms(corpus: Corpus, ownPages: number): Counted[] {
  const counted = new Map<string, Counted>();
  corpus.documents.forEach(({ terms, title, tags }, at) => {
    const titleTerms = new Set(termsInText(title).map(({ term }) => term));
    const tagTerms = new Set(tags.map((tokens) => tokens.map(({ stem }) => stem).join(' ')));
    for (const term of terms.keys()) {
      if ((corpus.documentFrequency.get(term) ?? 0) < LEAST_PAGES) continue;
      const entry = counted.get(term) ?? { term, own: [], competitor: [], titled: 0, tagged: 0 };
      (at < ownPages ? entry.own : entry.competitor).push(at);
      if (titleTerms.has(term)) entry.titled += 1;
      if (tagTerms.has(term)) entry.tagged += 1;
      counted.set(term, entry);
    }
  });
  return [...counted.values()];
}

function compare(
  { own, competitor }: Counted,
  ownPages: number,
  competitorPages: number,
): { logOdds: number; z: number } {
  const [a, b] = [competitor.length + PRIOR, own.length + PRIOR];
  const [restA, restB] = [competitorPages - competitor.length + PRIOR, ownPages - own.length + PRIOR];
  const logOdds = Math.log(a / restA) - Math.log(b / restB);
  return { logOdds, z: logOdds / Math.sqrt(1 / a + 1 / restA + 1 / b + 1 / restB) };
}

interface Style {
  pages: number;
  /** Whether most pages have tags: then single words count only as tags. */
  isTagged: boolean;
}

/** Kinds of content, not what content is about. */
const FORMATS = /^(?:case stud|guid|video|podcast|webinar|newslett|infograph|white pap|blog|interview)\w*$/;

// A theme is what pages are tagged with or called by, and not what stands everywhere.
function isTheme({ term, own, competitor, titled, tagged }: Counted, { pages, isTagged }: Style): boolean {
  const total = own.length + competitor.length;
  if (total > pages * 0.25 || FORMATS.test(term)) return false;
  if (tagged >= LEAST_TAGGED) return true;
  if (isTagged && !term.includes(' ')) return false;
  return titled >= Math.max(2, total * (term.includes(' ') ? 0.3 : 0.5));
}

const pagesOf = ({ own, competitor }: Counted): number[] => [...own, ...competitor];

// Cosine of the two sets of pages.
function overlap(a: Counted, b: Counted): number {
  const pages = new Set(pagesOf(a));
  const others = pagesOf(b);
  return others.filter((at) => pages.has(at)).length / Math.sqrt(pages.size * others.length);
}

// "experience" stands in "user experience" and "customer experience": those are the themes, not the word they share.
function isHeadWord(word: Counted, candidates: readonly Counted[]): boolean {
  if (word.term.includes(' ')) return false;
  const phrases = candidates.filter(({ term }) => term.includes(' ') && term.split(' ').includes(word.term));
  const covered = new Set(phrases.flatMap(pagesOf));
  return pagesOf(word).filter((at) => covered.has(at)).length >= 0.5 * pagesOf(word).length;
}

// "process automation" stands on the same pages as "robotic process automation": the whole name is the theme.
function isPartOf(short: Counted, long: Counted): boolean {
  const total = short.own.length + short.competitor.length;
  return (
    long.term !== short.term &&
    ` ${long.term} `.includes(` ${short.term} `) &&
    long.own.length + long.competitor.length >= 0.6 * total
  );
}

function isAlias(main: Counted, other: Counted): boolean {
  const words = new Set(main.term.split(' '));
  return !other.term.split(' ').some((word) => words.has(word)) && pagesOf(other).length >= 0.5 * pagesOf(main).length;
}

/**
 * Themes of both sites, those that differ most first. Terms that share most of their pages are one theme, called by
 * the term that differs most clearly.
 *
 * @param corpus the user's pages first, then the competitor's.
 */
export function findThemes(corpus: Corpus, ownPages: number): Theme[] {
  const total = corpus.documents.length;
  const tagged = corpus.documents.filter(({ tags }) => tags.length > 0).length;
  const style = { pages: total, isTagged: tagged > 0.5 * total };
  const candidates = countTerms(corpus, ownPages).filter((counted) => isTheme(counted, style));
  const whole = candidates.filter(
    (short) => !candidates.some((long) => isPartOf(short, long)) && !isHeadWord(short, candidates),
  );
  const compared = whole.map((counted) => ({ counted, ...compare(counted, ownPages, total - ownPages) }));
  compared.sort((a, b) => Math.abs(b.z) - Math.abs(a.z) || (a.counted.term < b.counted.term ? -1 : 1));
  const themes: { theme: Theme; counted: Counted }[] = [];
  for (const { counted, logOdds, z } of compared) {
    const same = themes.find(
      (other) => Math.sign(other.theme.z) === Math.sign(z) && overlap(other.counted, counted) >= MOST_SHARED,
    );
    if (same === undefined) {
      const { term, own, competitor } = counted;
      const isTag = counted.tagged >= LEAST_TAGGED || !style.isTagged;
      themes.push({ theme: { term, related: [], own, competitor, isTag, logOdds, z }, counted });
    } else if (same.theme.related.length < 7) {
      if (same.theme.related.length === 0 && isAlias(same.counted, counted)) same.theme.alias = counted.term;
      same.theme.related.push(counted.term);
    }
  }
  return themes.map(({ theme }) => theme);
}
