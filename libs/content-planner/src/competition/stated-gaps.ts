import type { CompetitionFinding, Figure } from '@throughline/strategy-contract';
import { pageRef, type Page } from '../context/pages.js';
import type { SectionContext } from '../context/section-context.js';
import { observed } from '../findings/figures.js';
import { identifiers } from '../findings/identifiers.js';
import { fields, mergeInputs, pageRows } from '../findings/inputs.js';
import { capitalize, say } from '../findings/wording.js';
import { meaningfulTokens } from '../text/corpus.js';
import { matchPages } from '../text/page-index.js';
import type { Rivalry } from './theme-writer.js';

const ORIGINS = {
  'competition.knownGaps': 'The brief names it as a gap',
  'competition.trends': 'The brief names it as a trend',
} as const;

interface Statement {
  text: string;
  field: 'competition.knownGaps' | 'competition.trends';
}

function sayCounts(rivalry: Rivalry, own: Figure, competitor: Figure): string {
  const ours =
    own.value === 0
      ? `${rivalry.ownName} has no page on it`
      : `${rivalry.ownName} has ${say(own)} that ${own.value === 1 ? 'shares' : 'share'} its words`;
  if (rivalry.competitor.length === 0) return ours;
  return `${ours}, ${competitor.value === 0 ? `and neither has ${rivalry.competitorName}` : `against ${say(competitor)} of ${rivalry.competitorName}`}`;
}

function planStatement(rivalry: Rivalry, { text, field }: Statement, id: string): CompetitionFinding {
  const positions = matchPages(rivalry.corpus, text).map(({ page }) => page);
  const ours = positions.filter((at) => at < rivalry.own.length).map((at) => rivalry.own[at] as Page);
  const theirs = positions
    .filter((at) => at >= rivalry.own.length)
    .map((at) => rivalry.competitor[at - rivalry.own.length] as Page);
  const [ownPages, competitorPages] = [observed(ours.length, 'pages'), observed(theirs.length, 'pages')];
  const hasContent = rivalry.own.length > 0;
  // What many own pages speak of already is no gap, whoever says so.
  const kind = !hasContent || ours.length < 3 || theirs.length > ours.length ? 'gap' : 'shared';
  const origin = ORIGINS[field];
  return {
    id,
    kind,
    title: capitalize(text.replace(/\.$/, '')),
    why: hasContent
      ? `${origin}; ${sayCounts(rivalry, ownPages, competitorPages)}.`
      : `${origin}; there is no own content to check it against.`,
    method: 'Stated in the brief; pages on both sides that share its words (stems weighed by idf)',
    inputsUsed: mergeInputs(fields(field), pageRows([...rivalry.own, ...rivalry.competitor], 'pages')),
    confidence: 'low',
    assumptions: ['That it matters is the brief’s word.'],
    figures: hasContent ? { ownPages, ...(rivalry.competitor.length > 0 ? { competitorPages } : {}) } : {},
    terms: [...new Set(meaningfulTokens(text, rivalry.corpus.stopWords).map(({ lower }) => lower))],
    ownPages: ours.slice(0, 5).map(pageRef),
    competitorPages: theirs.slice(0, 5).map(pageRef),
  };
}

/** Gaps and trends that the brief names, each checked against the pages. */
export function planStated(context: SectionContext, rivalry: Rivalry): CompetitionFinding[] {
  const id = identifiers('competition');
  const gaps = (context.brief.read('competition.knownGaps') ?? []).map((text): Statement => ({
    text,
    field: 'competition.knownGaps',
  }));
  const trends = (context.brief.read('competition.trends') ?? []).map((text): Statement => ({
    text,
    field: 'competition.trends',
  }));
  return [...gaps, ...trends].map((statement) => planStatement(rivalry, statement, id('stated', statement.text)));
}

const isCounted = ({ figures }: CompetitionFinding): boolean => figures['logOdds'] !== undefined;

/** Share of a statement's words that a counted theme has to hold to be the same thing. */
const LEAST_SAID = 0.5;

// "Condition monitoring" is counted and "condition monitoring with sensors" said: the same. "Trust" is not "zero trust".
function isSame(counted: CompetitionFinding, stated: CompetitionFinding): boolean {
  const term = (counted.terms[0] ?? '').toLowerCase();
  const words = term.split(' ').length;
  const isPhrase = words > 1 || stated.terms.length === 1;
  return (
    isPhrase && ` ${stated.title.toLowerCase()} `.includes(` ${term} `) && words >= LEAST_SAID * stated.terms.length
  );
}

/** Counted themes, then what the brief states; what is both stands once, in the brief's words, with what was counted. */
export function joinStated(
  counted: readonly CompetitionFinding[],
  stated: readonly CompetitionFinding[],
): CompetitionFinding[] {
  const joined = new Map<CompetitionFinding, CompetitionFinding>();
  const others = stated.filter((statement) => {
    const same = counted.find((finding) => isCounted(finding) && !joined.has(finding) && isSame(finding, statement));
    if (same === undefined) return true;
    const isTrend = statement.inputsUsed.some((input) => 'field' in input && input.field === 'competition.trends');
    const told = isTrend ? 'trend' : same.kind === 'gap' ? 'gap' : 'gap, which the count does not bear out';
    joined.set(same, {
      ...same,
      title: statement.title,
      why: `${same.why.replace(/\.$/, '')}, and the brief names it as a ${told}.`,
      inputsUsed: mergeInputs(statement.inputsUsed, same.inputsUsed),
    });
    return false;
  });
  return [...counted.map((finding) => joined.get(finding) ?? finding), ...others];
}

/** Whether the brief itself names a gap or a trend. */
export function isStated({ inputsUsed }: CompetitionFinding): boolean {
  return inputsUsed.some((input) => 'field' in input && input.field in ORIGINS);
}
