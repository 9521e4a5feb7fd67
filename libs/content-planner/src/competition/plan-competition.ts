import type { CompetitionFinding, Section } from '@throughline/strategy-contract';
import { siteName } from '../context/own-content.js';
import { collectPages, type Page } from '../context/pages.js';
import type { FieldValue } from '../context/brief-reader.js';
import type { SectionContext } from '../context/section-context.js';
import { OWN_CONTENT, partial, ready, unavailable, type Supply } from '../findings/sections.js';
import { joinWords, quote } from '../findings/wording.js';
import type { PlannerSource } from '../planner-input.js';
import { findBrands } from '../text/brand-words.js';
import { readCorpus } from '../text/corpus.js';
import { CLEAR_DIFFERENCE, findThemes, type Theme } from './find-themes.js';
import { joinStated, planStated } from './stated-gaps.js';
import { ThemeWriter, type Rivalry } from './theme-writer.js';

const MOST_GAPS = 40;
const MOST_STRENGTHS = 15;
const MOST_SHARED = 10;
const LEAST_COMPETITOR_PAGES = 20;

function readRivalry(ownSources: PlannerSource[], competitorSources: PlannerSource[], today: string): Rivalry {
  const own = collectPages(ownSources);
  const competitor = collectPages(competitorSources);
  const brands = findBrands(
    [...ownSources, ...competitorSources].map(({ name, items }) => ({ name, urls: items.map(({ url }) => url) })),
  );
  return {
    own,
    competitor,
    ownName: siteName(ownSources, 'Your site'),
    competitorName: siteName(competitorSources, 'The competitors'),
    corpus: readCorpus([...own, ...competitor], { brands, isWithTags: true }),
    today,
  };
}

function newestDate(pages: readonly Page[], today: string): string {
  const dates = pages.flatMap(({ published }) => (published === undefined || published > today ? [] : [published]));
  return dates.sort().pop() ?? '';
}

// A gap that the competitor still feeds is more pressing than one that it left: clear difference, weighed by recency.
function rankGaps(themes: readonly Theme[], { own, competitor, today }: Rivalry): Theme[] {
  const newest = newestDate(competitor, today);
  const limit = newest === '' ? '' : `${Number(newest.slice(0, 4)) - 2}${newest.slice(4)}`;
  const urgency = ({ z, competitor: pages }: Theme): number => {
    const recent = pages.filter((at) => (competitor[at - own.length]?.published ?? '') > limit).length;
    return z * (0.5 + (0.5 * recent) / pages.length);
  };
  return themes
    .filter(({ z }) => z >= CLEAR_DIFFERENCE)
    .map((theme) => ({ theme, urgency: urgency(theme) }))
    .sort((a, b) => b.urgency - a.urgency || (a.theme.term < b.theme.term ? -1 : 1))
    .map(({ theme }) => theme)
    .filter(isNews())
    .slice(0, MOST_GAPS);
}

/** Share of a gap's pages that stronger gaps may name already. */
const MOST_REPEATED = 0.8;

// "Cold rooms" stand on pages about sensors and energy audits only: who closes those gaps has closed it.
function isNews(): (theme: Theme) => boolean {
  const told = new Set<number>();
  return ({ competitor, isTag }) => {
    const repeated = competitor.filter((at) => told.has(at)).length;
    if (!isTag && repeated > MOST_REPEATED * competitor.length) return false;
    for (const at of competitor) told.add(at);
    return true;
  };
}

function compareSites(rivalry: Rivalry, note: string): CompetitionFinding[] {
  const themes = findThemes(rivalry.corpus, rivalry.own.length);
  const strengths = themes.filter(({ z }) => z <= -CLEAR_DIFFERENCE).slice(0, MOST_STRENGTHS);
  const total = ({ own, competitor }: Theme): number => own.length + competitor.length;
  const shared = themes
    .filter(({ z, own, competitor }) => Math.abs(z) < 1 && Math.min(own.length, competitor.length) >= 5)
    .sort((a, b) => total(b) - total(a) || (a.term < b.term ? -1 : 1))
    .slice(0, MOST_SHARED);
  const gaps = rankGaps(themes, rivalry);
  const writer = new ThemeWriter(rivalry, { themes: [...gaps, ...strengths, ...shared], note });
  return [
    ...gaps.map((theme) => writer.gap(theme)),
    ...strengths.map((theme) => writer.strength(theme)),
    ...shared.map((theme) => writer.shared(theme)),
  ];
}

type Competitor = FieldValue<'competition.competitors'>[number];

interface Compared {
  /** Who is compared, and how its content was found. */
  note: string;
  /** Competitors whose content was not supplied. */
  missing: string[];
}

function whoIsCompared(competitors: readonly Competitor[], sources: readonly PlannerSource[]): Compared {
  const ids = new Set(sources.map(({ id }) => id));
  const names = new Set(sources.map(({ name }) => name.toLowerCase()));
  const say = ({ name, url }: Competitor) => (url === undefined ? name : `${name} (${url})`);
  const linked = competitors.filter(({ sourceId }) => sourceId !== undefined && ids.has(sourceId));
  const named = competitors.filter((one) => !linked.includes(one) && names.has(one.name.toLowerCase()));
  const notes = [
    ...(linked.length === 0 ? [] : [`${joinWords(linked.map(say))}, whose content the brief links`]),
    ...(named.length === 0 ? [] : [`${joinWords(named.map(say))}, whose content goes by its name`]),
  ];
  return {
    note:
      notes.length === 0
        ? 'Compared with all competitors’ content that was supplied.'
        : `Compared with ${notes.join(', and ')}.`,
    missing: competitors.filter((one) => !linked.includes(one) && !named.includes(one)).map(say),
  };
}

function supplyFor(missing: readonly string[]): Supply[] {
  const whose = missing.length === 0 ? 'a competitor’s content' : `the content of ${joinWords(missing)}`;
  return [
    {
      what: `${whose}, as a feed, a sitemap or an inventory CSV, linked in the brief`,
      adds: 'gaps, strengths and shared ground, with the pages on both sides',
    },
  ];
}

/** Where the competitors publish more than the user, where less, and where both do. */
export function planCompetition(context: SectionContext): Section<CompetitionFinding> {
  const ownSources = context.ownSources();
  const competitorSources = context.competitorSources();
  const rivalry = readRivalry(ownSources, competitorSources, context.today);
  const { note, missing } = whoIsCompared(context.brief.read('competition.competitors') ?? [], competitorSources);
  context.report({
    done: 1,
    total: 2,
    message: `Comparing ${rivalry.own.length} pages with ${rivalry.competitor.length}`,
  });
  const isComparable = rivalry.own.length > 0 && rivalry.competitor.length >= LEAST_COMPETITOR_PAGES;
  const findings = joinStated(isComparable ? compareSites(rivalry, note) : [], planStated(context, rivalry));
  context.report({ done: 2, total: 2, message: `Found ${findings.filter(({ kind }) => kind === 'gap').length} gaps` });
  if (isComparable && missing.length === 0) return ready(context, findings);
  const reason = isComparable
    ? `The comparison leaves out ${joinWords(missing.map(quote))}, whose content was not supplied.`
    : rivalry.own.length === 0
      ? 'There is no own content to compare with.'
      : 'Competitors’ content was not supplied, or is too little to compare with.';
  const supply =
    rivalry.own.length === 0
      ? [
          { what: OWN_CONTENT, adds: 'something to compare competitors with' },
          ...(rivalry.competitor.length >= LEAST_COMPETITOR_PAGES && missing.length === 0 ? [] : supplyFor(missing)),
        ]
      : supplyFor(missing);
  if (findings.length === 0) return unavailable(context, reason, supply);
  return partial(context, findings, reason, supply);
}
