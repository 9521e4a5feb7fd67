import type { InsightFinding } from '@throughline/strategy-contract';
import type { SectionContext } from '../context/section-context.js';
import { computed, observed } from '../findings/figures.js';
import { fields } from '../findings/inputs.js';
import { joinWords, monthName, quote, say } from '../findings/wording.js';
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

/** In which months the site publishes, beside those that the brief says matter to the audience. */
export function planSeason(context: SectionContext, desk: InsightDesk): InsightFinding[] {
  const stated = context.brief.read('audience.seasonality');
  if (desk.dated.length < LEAST_DATED) return [];
  const counts = Array.from(
    { length: 12 },
    (_, index) => desk.dated.filter(({ published }) => Number(published?.slice(5, 7)) === index + 1).length,
  );
  const ranked = counts
    .map((pages, index) => ({ month: index + 1, pages }))
    .sort((a, b) => b.pages - a.pages || a.month - b.month);
  const [busiest, quietest] = [ranked[0], ranked[11]] as [
    { month: number; pages: number },
    { month: number; pages: number },
  ];
  const most = observed(busiest.pages, 'pages');
  const least = observed(quietest.pages, 'pages');
  const months = desk.insight('months', {
    theme: 'cadence',
    title: `${monthName(busiest.month)} is the busiest month, ${monthName(quietest.month)} the quietest`,
    why: `Over all years ${say(most)} came out in ${monthName(busiest.month)} and ${say(least)} in ${monthName(quietest.month)}.`,
    method: 'Pages counted by month of publishing, over all years',
    confidence: 'medium',
    figures: { busiest: most, quietest: least },
  });
  if (stated === undefined) return [months];
  const { months: peaks } = readSeasonality(stated);
  if (peaks.length === 0) return [months];
  const inPeaks = peaks.reduce((sum, month) => sum + (counts[month - 1] as number), 0);
  const share = computed(inPeaks / desk.dated.length, 'share', 'pages of those months ÷ dated pages');
  const even = computed(peaks.length / 12, 'share', 'months named ÷ 12');
  const isBehind = (share.value as number) < (even.value as number);
  return [
    months,
    desk.insight('peak months', {
      theme: 'cadence',
      title: `${isBehind ? 'Less' : 'At least as much'} is published in the audience’s peak months ${isBehind ? 'than' : 'as'} an even spread would give`,
      why: `The brief names ${joinWords(stated.map(quote))}; ${say(share)} of the pages came out in ${joinWords(peaks.map(monthName))}, where an even spread gives ${say(even)}.`,
      method: 'Share of pages in the months that the brief names, against an even spread',
      confidence: 'medium',
      figures: { share, even },
      inputs: fields('audience.seasonality'),
    }),
  ];
}
