import type { InsightFinding } from '@throughline/strategy-contract';
import type { SectionContext } from '../context/section-context.js';
import { computed, round } from '../findings/figures.js';
import { fields } from '../findings/inputs.js';
import { joinWords, monthName, quote, say, sayNumber, withArticle } from '../findings/wording.js';
import type { InsightDesk } from './insight-desk.js';

const LEAST_DATED = 36;

/** What the brief's `audience.seasonality` says: months by number, and events by name. */
export interface Seasonality {
  months: number[];
  events: string[];
}

/** Reads months out of the brief's words: `03`, `3`, `March` and events that name a month. */
export function readSeasonality(entries: readonly string[]): Seasonality {
  const months = new Set<number>();
  const events: string[] = [];
  for (const entry of entries) {
    const number = /^(?:0?[1-9]|1[0-2])$/.test(entry.trim()) ? Number(entry) : undefined;
    const named = Array.from({ length: 12 }, (_, index) => index + 1).filter((month) =>
      new RegExp(`\\b${monthName(month)}\\b`, 'i').test(entry),
    );
    for (const month of number === undefined ? named : [number]) months.add(month);
    if (number === undefined) events.push(entry);
  }
  return { months: [...months].sort((a, b) => a - b), events };
}

interface MonthRate {
  month: number;
  pages: number;
  /** How often the month lies between the first and the newest page. */
  times: number;
  perYear: number;
}

// A site that began in October has had one October more than Augusts.
function ratesByMonth({ dated }: InsightDesk): MonthRate[] {
  const index = (date: string): number => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1;
  const indices = dated.map(({ published = '' }) => index(published));
  const [first, last] = [indices[0] ?? 0, indices[indices.length - 1] ?? 0];
  return Array.from({ length: 12 }, (_, month): MonthRate => {
    const pages = indices.filter((at) => at % 12 === month).length;
    const times = Array.from({ length: last - first + 1 }, (__, at) => first + at).filter(
      (at) => at % 12 === month,
    ).length;
    return { month: month + 1, pages, times, perYear: times === 0 ? 0 : pages / times };
  });
}

/** In which months the site publishes, beside those that the brief says matter to the audience. */
export function planSeason(context: SectionContext, desk: InsightDesk): InsightFinding[] {
  const stated = context.brief.read('audience.seasonality');
  if (desk.dated.length < LEAST_DATED) return [];
  const rates = ratesByMonth(desk);
  const ranked = rates.filter(({ times }) => times > 0).sort((a, b) => b.perYear - a.perYear || a.month - b.month);
  const [busiest, quietest] = [ranked[0], ranked[ranked.length - 1]] as [MonthRate, MonthRate];
  const method = 'pages of the month ÷ times that it lies between the first and the newest page';
  const most = computed(round(busiest.perYear, 1), 'pages/month', method);
  const least = computed(round(quietest.perYear, 1), 'pages/month', method);
  const months = desk.insight('months', {
    theme: 'cadence',
    title: `${monthName(busiest.month)} is the busiest month, ${monthName(quietest.month)} the quietest`,
    why: `On average ${sayNumber(most)} pages came out in ${withArticle(monthName(busiest.month))} and ${sayNumber(least)} in ${withArticle(monthName(quietest.month))}.`,
    method: 'Pages by month of publishing, for each time that the month came round',
    confidence: 'medium',
    figures: { busiest: most, quietest: least },
  });
  if (stated === undefined) return [months];
  const { months: peaks, events } = readSeasonality(stated);
  if (peaks.length === 0) return [months];
  const inPeaks = peaks.reduce((sum, month) => sum + (rates[month - 1] as MonthRate).pages, 0);
  const share = computed(inPeaks / desk.dated.length, 'share', 'pages of those months ÷ dated pages');
  const even = computed(peaks.length / 12, 'share', 'months named ÷ 12');
  const isBehind = (share.value as number) < (even.value as number);
  return [
    months,
    desk.insight('peak months', {
      theme: 'cadence',
      title: isBehind
        ? 'The audience’s peak months get less than their share'
        : 'The audience’s peak months get their share',
      why: `${say(share)} of the pages came out in ${joinWords(peaks.map(monthName))}, by the brief the audience’s ${peaks.length === 1 ? 'peak' : 'peaks'}${events.length === 0 ? '' : ` (${joinWords(events.map(quote))})`}, where an even spread gives ${say(even)}.`,
      method: 'Share of pages in the months that the brief names, against an even spread',
      confidence: 'medium',
      figures: { share, even },
      inputs: fields('audience.seasonality'),
    }),
  ];
}
