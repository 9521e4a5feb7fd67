import type { InsightFinding } from '@throughline/strategy-contract';
import { medianSorted, quantileSorted } from 'simple-statistics';
import { lastTouched, type Page } from '../context/pages.js';
import { DAYS_PER_MONTH, daysBetween, monthsBefore } from '../findings/dates.js';
import { assumed, computed, observed } from '../findings/figures.js';
import { capitalize, quote, say, sayNumber } from '../findings/wording.js';
import { pageRef } from '../context/pages.js';
import type { InsightDesk } from './insight-desk.js';

/** Months after which a page counts as old. */
export const OLD_MONTHS = 24;
const THIN_WORDS = 300;
const LEAST_KNOWN = 10;

const rising = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);

/** How old the pages are. */
export function planFreshness(desk: InsightDesk): InsightFinding[] {
  const touched = desk.pages.flatMap((page) => {
    const date = lastTouched(page);
    return date === undefined || date > desk.today ? [] : [{ page, date }];
  });
  if (touched.length < LEAST_KNOWN) return [];
  const limit = monthsBefore(desk.today, OLD_MONTHS);
  const old = touched.filter(({ date }) => date < limit).sort((a, b) => (a.date < b.date ? -1 : 1));
  const share = computed(old.length / touched.length, 'share', 'old pages ÷ pages with a date');
  const ages = rising(touched.map(({ date }) => daysBetween(date, desk.today) / DAYS_PER_MONTH));
  const median = computed(Math.round(medianSorted(ages)), 'months', 'median age');
  const threshold = assumed(OLD_MONTHS, 'months');
  return [
    desk.insight('age', {
      theme: 'freshness',
      title: `${say(share)} of the pages are older than ${say(threshold)}`,
      why: `The median page was last worked on ${say(median)} ago; what was right then may no longer be.`,
      method: 'Age of each page from its last change, or else from its publishing',
      figures: { oldShare: share, old: observed(old.length, 'pages'), medianAge: median, threshold },
      assumptions: [
        `A page not worked on for ${say(threshold)} counts as old.`,
        'Where the source tells no change, the page is taken as unchanged.',
      ],
      pages: old.map(({ page }) => page),
    }),
  ];
}

/** How long the pages are. */
export function planDepth(desk: InsightDesk): InsightFinding[] {
  const known = desk.pages.filter(({ wordCount = 0 }) => wordCount > 0);
  if (known.length < LEAST_KNOWN) return [];
  const words = (page: Page): number => page.wordCount as number;
  const lengths = rising(known.map(words));
  const middle = computed(Math.round(medianSorted(lengths)), 'words', 'median');
  const low = computed(Math.round(quantileSorted(lengths, 0.25)), 'words', 'lower quartile');
  const high = computed(Math.round(quantileSorted(lengths, 0.75)), 'words', 'upper quartile');
  const thin = known
    .filter((page) => words(page) < THIN_WORDS)
    .sort((a, b) => words(a) - words(b) || (a.url < b.url ? -1 : 1));
  const thinPages = observed(thin.length, 'pages');
  const threshold = assumed(THIN_WORDS, 'words');
  const longest = known.reduce((best, page) => (words(page) > words(best) ? page : best));
  return [
    desk.insight('length', {
      theme: 'depth',
      title: `The median page has ${say(middle)}`,
      why: `Half of the pages have ${sayNumber(low)} to ${say(high)}; ${thin.length === 0 ? 'none stays' : `${say(thinPages)} ${thin.length === 1 ? 'stays' : 'stay'}`} under ${sayNumber(threshold)}, and the longest is ${quote(pageRef(longest).title)}.`,
      method: 'Quartiles of the word counts that the source tells',
      figures: {
        median: middle,
        lowerQuartile: low,
        upperQuartile: high,
        thin: thinPages,
        threshold,
        known: observed(known.length, 'pages'),
      },
      assumptions: [
        'Pages without a word count, or with none, are left out.',
        `A page under ${say(threshold)} counts as thin.`,
      ],
      pages: thin,
    }),
  ];
}

/** How much of what is published has tags that tell it apart. */
export function planTagging(desk: InsightDesk): InsightFinding[] {
  const counts = new Map<string, number>();
  for (const { tags } of desk.pages) for (const tag of new Set(tags)) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  if (counts.size < 5) return [];
  const once = [...counts].filter(([, pages]) => pages === 1);
  const distinct = observed(counts.size, 'tags');
  const single = computed(once.length / counts.size, 'share', 'tags with one page ÷ tags');
  const untagged = observed(desk.pages.filter(({ tags }) => tags.length === 0).length, 'pages');
  const [top] = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)) as [[string, number]];
  const most = observed(top[1], 'pages');
  return [
    desk.insight('tags', {
      theme: 'format',
      title:
        once.length === 0
          ? `Each of the ${say(distinct)} is on more than one page`
          : `${say(distinct)}, ${say(single)} of them on one page only`,
      why: `The most used is ${quote(top[0])} on ${say(most)}; ${untagged.value === 0 ? 'every page has a tag' : `${capitalize(say(untagged))} ${untagged.value === 1 ? 'has' : 'have'} none`}.`.replace(
        '; A',
        '; a',
      ),
      method: 'Tags counted over all pages',
      figures: { tags: distinct, usedOnce: single, mostUsed: most, untagged },
      pages: desk.pages.filter(({ tags }) => tags.length === 0),
    }),
  ];
}
