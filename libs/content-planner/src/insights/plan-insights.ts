import type { InsightFinding, OpportunityFinding, Section } from '@throughline/strategy-contract';
import { readOwnContent } from '../context/own-content.js';
import type { SectionContext } from '../context/section-context.js';
import { partial, ready, unavailable, type Supply } from '../findings/sections.js';
import { planCadence } from './cadence.js';
import { planDepth, planFreshness, planTagging } from './condition.js';
import { planConcentration, planGoalCoverage, planNeedCoverage } from './coverage.js';
import { InsightDesk } from './insight-desk.js';
import { planSeason } from './season.js';

function missingData(desk: InsightDesk): Supply[] {
  const supply: Supply[] = [];
  if (desk.dated.length < desk.pages.length / 2) {
    supply.push({
      what: 'Publishing dates, as a column of the inventory or by importing the feed.',
      adds: 'Cadence, freshness and season.',
    });
  }
  if (desk.pages.filter(({ wordCount = 0 }) => wordCount > 0).length < desk.pages.length / 2) {
    supply.push({ what: 'Word counts, as a column of the inventory.', adds: 'How deep the pages are.' });
  }
  return supply;
}

/** What the user's own content shows, in counted and computed figures. */
export function planInsights(context: SectionContext): Section<InsightFinding> {
  const own = readOwnContent(context, true);
  if (own.pages.length === 0) {
    return unavailable(context, 'No own content was imported.', [
      { what: 'Your own content, as an inventory CSV, a feed or a sitemap.', adds: 'All insights.' },
    ]);
  }
  const desk = new InsightDesk(own.name, own.pages, context.today);
  const findings = [
    ...planCadence(desk),
    ...planSeason(context, desk),
    ...planFreshness(desk),
    ...planDepth(desk),
    ...planConcentration(desk, context.section('topics')),
    ...planNeedCoverage(desk, context.section('audience')),
    ...planGoalCoverage(context, desk, own),
    ...planTagging(desk),
  ];
  context.report({ done: 1, total: 1, message: `Read ${own.pages.length} pages` });
  const supply = missingData(desk);
  if (supply.length === 0) return ready(context, findings);
  return partial(context, findings, 'The imported content lacks columns that some insights need.', supply);
}

/** Search opportunities: they need queries with positions, which the content does not hold. */
export function planOpportunities(context: SectionContext): Section<OpportunityFinding> {
  return unavailable(
    context,
    'Search opportunities need what people searched for and where your pages stood; content alone does not tell.',
    [
      {
        what: 'Google Search Console: Performance → Search results → last 16 months → Export → Download CSV, with queries and pages.',
        adds: 'Queries on positions 4 to 20 worth a better page, titles that win fewer clicks than their position should, and pages in decay.',
      },
    ],
  );
}
