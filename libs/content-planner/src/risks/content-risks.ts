import type { InsightFinding, Section } from '@throughline/strategy-contract';
import type { SectionContext } from '../context/section-context.js';
import type { Page } from '../context/pages.js';
import { collectPages } from '../context/pages.js';
import { siteName } from '../context/own-content.js';
import { monthsBefore } from '../findings/dates.js';
import { assumed, computed, observed, stated } from '../findings/figures.js';
import { fields, mergeInputs, pageRows } from '../findings/inputs.js';
import { capitalize, say } from '../findings/wording.js';
import { stepsPassed, type RiskDraft } from './risk-desk.js';

type Insights = Section<InsightFinding>;

const figureOf = (insights: Insights, name: string) =>
  insights.findings
    .map((finding) => ({ finding, figure: finding.figures[name] }))
    .find(({ figure }) => figure !== undefined);

/** Old pages. */
export function staleRisk(insights: Insights): RiskDraft[] {
  const found = figureOf(insights, 'oldShare');
  if (found?.figure === undefined) return [];
  const share = found.figure.value as number;
  if (share < 0.3) return [];
  const threshold = assumed(0.3, 'share');
  return [
    {
      rule: 'stale content',
      title: 'Readers act on pages that are out of date',
      why: `${found.finding.title}, against a threshold of ${say(threshold)}.`,
      drivers: [found.finding.title],
      mitigation:
        'Take the refreshes of the calendar first where a page answers a pain point; redirect what is no longer true.',
      figures: {
        oldShare: found.figure,
        ...(found.finding.figures['threshold'] === undefined ? {} : { age: found.finding.figures['threshold'] }),
        threshold,
      },
      inputs: insights.inputsUsed,
      method: 'Share of old pages against a threshold',
      score: { likelihood: stepsPassed(share, [0.3, 0.5, 0.7, 0.9]), impact: 3 },
    },
  ];
}

/** A plan that asks for more than the last year saw. */
export function paceRisk(insights: Insights, plannedPerYear: number, rows: RiskDraft['inputs']): RiskDraft[] {
  const found = figureOf(insights, 'lastYear');
  if (found?.figure === undefined || plannedPerYear === 0) return [];
  const published = found.figure.value as number;
  const ratio = plannedPerYear / Math.max(1, published);
  if (ratio < 1.5) return [];
  const planned = computed(Math.round(plannedPerYear), 'items', 'items of the calendar, carried on for a year');
  const times = computed(ratio, 'other', 'planned items a year ÷ pages of the last year (at least one)');
  return [
    {
      rule: 'pace',
      title: 'The plan asks for a pace that the site has not kept lately',
      why: `It comes to ${say(planned)} a year, where the last twelve months brought ${published === 0 ? 'no page' : say(found.figure)}.`,
      drivers: [`Planned: ${say(planned)} a year`, `Last twelve months: ${say(found.figure)}`],
      mitigation: 'Hold the first month at half the pace, and raise it once items come out on their dates.',
      figures: { planned, lastYear: found.figure, ratio: times },
      inputs: mergeInputs(rows, insights.inputsUsed),
      method: 'Items of the calendar a year against pages of the last twelve months',
      score: { likelihood: stepsPassed(ratio, [1.5, 2, 3, 5]), impact: 4 },
    },
  ];
}

/** What is published rests on few topics. */
export function concentrationRisk(insights: Insights): RiskDraft[] {
  const found = figureOf(insights, 'topThree');
  if (found?.figure === undefined || (found.figure.value as number) < 0.5) return [];
  const share = found.figure.value as number;
  return [
    {
      rule: 'concentration',
      title: 'Most of the content rests on three topics',
      why: `${found.finding.title}; if interest in them falls, so does most of the site.`,
      drivers: [found.finding.title],
      mitigation: 'Give one item in three to topics outside of them.',
      figures: { topThree: found.figure },
      inputs: insights.inputsUsed,
      method: 'Share of pages in the three largest topics',
      score: { likelihood: stepsPassed(share, [0.5, 0.6, 0.7, 0.8]), impact: 3 },
    },
  ];
}

const countSince = (pages: readonly Page[], date: string, until: string): number =>
  pages.filter(({ published = '' }) => published > date && published <= until).length;

/** Competitors that publish faster, and where the brief sees the site in its market. */
export function marketRisk(context: SectionContext): RiskDraft[] {
  const share = context.brief.read('business.marketShare');
  const position = context.brief.read('business.position');
  const own = collectPages(context.ownSources());
  const sources = context.competitorSources();
  const competitor = collectPages(sources);
  const name = siteName(sources, 'The competitors');
  const market: RiskDraft['figures'] = share === undefined ? {} : { marketShare: stated(share, 'percent') };
  const place =
    position === undefined
      ? []
      : [`The brief sees the site as ${position === 'niche' ? 'a niche player' : `a ${position}`}`];
  const stake = share === undefined ? [] : [`Market share by the brief: ${say(stated(share, 'percent'))}`];
  const inputs = mergeInputs(
    fields('business.marketShare', 'business.position', 'competition.competitors'),
    pageRows([...own, ...competitor], 'pages'),
  );
  const dates = [...own, ...competitor]
    .flatMap(({ published }) => (published === undefined || published > context.today ? [] : [published]))
    .sort();
  const newest = dates[dates.length - 1];
  const base = {
    rule: 'competitor pace',
    inputs,
    method: 'Pages of both sides in the two years up to the newest page of either',
    mitigation:
      position === 'leader'
        ? 'Defend the strengths first: refresh what leads before opening new ground.'
        : position === 'niche'
          ? 'Do not follow everywhere: close only the gaps that the audience asks about.'
          : 'Close the gaps that the competitor still feeds, one theme at a time, before matching its pace.',
  };
  if (competitor.length === 0 || own.length === 0 || newest === undefined) {
    if (place.length + stake.length === 0) return [];
    return [
      {
        ...base,
        title: 'How the market moves is not known',
        why: `${[...place, ...stake].join('; ')}, but without content of both sides it cannot be told who is gaining ground.`,
        drivers: [...place, ...stake],
        figures: market,
      },
    ];
  }
  const from = monthsBefore(newest, 24);
  const ours = observed(countSince(own, from, newest), 'pages');
  const theirs = observed(countSince(competitor, from, newest), 'pages');
  const voice = computed(
    (ours.value as number) / Math.max(1, (ours.value as number) + (theirs.value as number)),
    'share',
    'own pages ÷ pages of both sides, in the two years',
  );
  const ratio = (theirs.value as number) / Math.max(1, ours.value as number);
  const against = share === undefined ? '' : `, against a stated market share of ${say(stated(share, 'percent'))}`;
  return [
    {
      ...base,
      title: ratio >= 1.2 ? `${name} publishes faster` : 'The lead in publishing can be lost',
      why: `In the last two years of either site ${name} brought out ${say(theirs)} and your site ${say(ours)}: ${say(voice)} of what both published${against}.`,
      drivers: [`${capitalize(say(theirs))} of ${name} against ${say(ours)} of your site`, ...place, ...stake],
      figures: { ours, theirs, shareOfVoice: voice, ...market },
      score: { likelihood: stepsPassed(ratio, [0.8, 1.2, 2, 4]), impact: position === 'leader' ? 4 : 3 },
    },
  ];
}
