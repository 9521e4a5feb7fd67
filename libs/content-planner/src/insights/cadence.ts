import type { InsightFinding } from '@throughline/strategy-contract';
import type { Page } from '../context/pages.js';
import { DAYS_PER_MONTH, daysBetween, monthsBefore } from '../findings/dates.js';
import { computed, observed, round } from '../findings/figures.js';
import { say, sayMonth } from '../findings/wording.js';
import type { InsightDesk } from './insight-desk.js';

const LEAST_DATED = 5;

function countByYear(pages: readonly Page[]): [year: string, pages: number][] {
  const counts = new Map<string, number>();
  for (const { published } of pages) {
    const year = (published as string).slice(0, 4);
    counts.set(year, (counts.get(year) ?? 0) + 1);
  }
  return [...counts];
}

function perMonth(pages: number, from: string, to: string): number {
  return pages / Math.max(1, daysBetween(from, to) / DAYS_PER_MONTH);
}

function planSilence(desk: InsightDesk, last: Page): InsightFinding {
  const published = last.published as string;
  const silence = computed(daysBetween(published, desk.today), 'days', `from the newest page to ${desk.today}`);
  const recent = desk.dated.filter(({ published: date }) => (date as string) > monthsBefore(desk.today, 12));
  const lastYear = observed(recent.length, 'pages');
  const isQuiet = (silence.value as number) > 90;
  return desk.insight('recent', {
    theme: 'cadence',
    title: isQuiet
      ? `${desk.name} has been quiet since ${sayMonth(published)}`
      : `${desk.name} published last in ${sayMonth(published)}`,
    why: `The newest page is ${say(silence)} old, and ${lastYear.value === 0 ? 'no page' : say(lastYear)} came out in the last twelve months.`,
    method: 'Publishing dates counted against the day of the plan',
    figures: { silence, lastYear },
    pages: [...desk.dated].reverse(),
  });
}

function planPeak(desk: InsightDesk): InsightFinding[] {
  const years = countByYear(desk.dated);
  if (years.length < 3) return [];
  const peak = years.reduce((best, year) => (year[1] > best[1] ? year : best));
  const [lastYear, lastPages] = years[years.length - 1] as [string, number];
  const peakPages = observed(peak[1], 'pages');
  const latest = observed(lastPages, 'pages');
  const ratio = computed(lastPages / peak[1], 'share', `pages of ${lastYear} ÷ pages of ${peak[0]}`);
  const isAtPeak = peak[0] === lastYear;
  return [
    desk.insight('peak', {
      theme: 'cadence',
      title: isAtPeak ? `${peak[0]} is the busiest year so far` : `Publishing peaked in ${peak[0]}`,
      why: isAtPeak
        ? `${say(peakPages)} came out in ${peak[0]}, more than in any year before.`
        : `${say(peakPages)} came out in ${peak[0]}; ${lastYear} brought ${say(latest)}, ${say(ratio)} of that.`,
      method: 'Pages counted by year of publishing',
      figures: { peak: peakPages, ...(isAtPeak ? {} : { latest, ratio }) },
    }),
  ];
}

/** How often the site publishes, and how that has changed. */
export function planCadence(desk: InsightDesk): InsightFinding[] {
  const [first] = desk.dated;
  const last = desk.dated[desk.dated.length - 1];
  if (first === undefined || last === undefined || desk.dated.length < LEAST_DATED) return [];
  const [from, to] = [first.published as string, last.published as string];
  const rate = computed(
    round(perMonth(desk.dated.length, from, to), 1),
    'pages/month',
    'dated pages ÷ months from the first to the newest',
  );
  const dated = observed(desk.dated.length, 'pages');
  const pace = desk.insight('pace', {
    theme: 'cadence',
    title: `About ${say(rate)} over the site’s life`,
    why: `${say(dated)} with a date came out from ${sayMonth(from)} to ${sayMonth(to)}.`,
    method: 'Dated pages ÷ months between the first and the newest',
    figures: { pagesPerMonth: rate, dated },
  });
  return [planSilence(desk, last), pace, ...planPeak(desk)];
}
