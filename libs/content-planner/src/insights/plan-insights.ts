import type { InsightFinding, OpportunityFinding, Section } from '@throughline/strategy-contract';
import { readOwnContent } from '../context/own-content.js';
import type { SectionContext } from '../context/section-context.js';
import { OWN_CONTENT, partial, ready, unavailable, type Supply } from '../findings/sections.js';
import { planCadence } from './cadence.js';
import { planDepth, planFreshness, planTagging } from './condition.js';
import { planConcentration, planGoalCoverage, planNeedCoverage } from './coverage.js';
import { InsightDesk } from './insight-desk.js';
import { planSeason } from './season.js';

function missingData(desk: InsightDesk): Supply[] {
  const supply: Supply[] = [];
  if (desk.dated.length < desk.pages.length / 2) {
    supply.push({
      what: 'publishing dates, as a column of the inventory or by importing the feed',
      adds: 'cadence, freshness and season',
    });
  }
  if (desk.pages.filter(({ wordCount = 0 }) => wordCount > 0).length < desk.pages.length / 2) {
    supply.push({ what: 'word counts, as a column of the inventory', adds: 'how deep the pages are' });
  }
  return supply;
}

/** What the user's own content shows, in counted and computed figures. */
export function planInsights(context: SectionContext): Section<InsightFinding> {
  const own = readOwnContent(context, true);
  if (own.pages.length === 0) {
    return unavailable(context, 'No own content was imported.', [
      {
        what: OWN_CONTENT,
        adds: 'what your content shows: cadence, age, depth, topics and how far it answers the brief',
      },
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
    'Search opportunities need what people searched for and where your pages stood; content does not tell, and this version reads content only.',
    [
      {
        what: 'nothing yet, but keep a Google Search Console export (Performance → Search results → Last 16 months → Export → Download CSV) for a version that reads it: older data is gone from there',
        adds: 'queries worth a better page, titles that win fewer clicks than their position should, and pages in decay',
      },
    ],
  );
}
