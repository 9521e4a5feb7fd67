import { JOURNEY_STAGES, type AudienceFinding, type JourneyStage } from '@throughline/strategy-contract';
import { pageRef, type Page } from '../context/pages.js';
import type { SectionContext } from '../context/section-context.js';
import { computed, observed } from '../findings/figures.js';
import { fields, mergeInputs } from '../findings/inputs.js';
import { capitalize, joinWords, quote, say } from '../findings/wording.js';
import type { AudienceDesk } from './audience-desk.js';
import { sortByStage } from './journey-lexicon.js';

const PAGES_LISTED = 5;

function commonWords(words: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts]
    .sort(([a, timesA], [b, timesB]) => timesB - timesA || (a < b ? -1 : 1))
    .slice(0, 3)
    .map(([word]) => word);
}

interface StagePages {
  stage: JourneyStage;
  pages: Page[];
  words: string[];
  text: string | undefined;
}

function planStage(desk: AudienceDesk, { stage, pages, words, text }: StagePages): AudienceFinding {
  const told = observed(pages.length, 'pages');
  const share = computed(
    desk.hasPages ? pages.length / desk.own.pages.length : 0,
    'share',
    'pages of the stage ÷ all pages',
  );
  const matched = text === undefined ? [] : desk.match(text);
  const answers = observed(matched.length, 'pages');
  const counted =
    pages.length === 0
      ? 'No title or tag shows the words of this stage'
      : `${capitalize(say(told))}, ${say(share)} of the site, ${pages.length === 1 ? 'reads' : 'read'} like this stage (${joinWords(commonWords(words).map(quote))})`;
  const asked =
    text === undefined
      ? ''
      : `; the brief asks for ${quote(text)}, which ${matched.length === 0 ? 'no page speaks to' : `${say(answers)} ${matched.length === 1 ? 'speaks' : 'speak'} to`}`;
  return {
    id: desk.id('journey', stage),
    kind: 'journey_stage',
    title: capitalize(stage),
    why: `${counted}${asked}.`,
    method: 'Rule lexicon over titles and tags, first match of decision, consideration, retention, awareness',
    inputsUsed: mergeInputs(text === undefined ? [] : fields('audience.buyingJourney'), desk.rows()),
    confidence: 'medium',
    assumptions: ['A title tells the stage; pages without a telling word belong to none.'],
    figures: { pages: told, share, ...(text === undefined ? {} : { answers }) },
    stage,
    formats: [],
    pages: [...new Set([...matched, ...pages])].slice(0, PAGES_LISTED).map(pageRef),
  };
}

/** Stages of the buying journey, each with the pages whose titles tell it. */
export function planJourney(context: SectionContext, desk: AudienceDesk): AudienceFinding[] {
  const stated = context.brief.read('audience.buyingJourney') ?? {};
  if (!desk.hasPages) {
    return JOURNEY_STAGES.filter((stage) => stated[stage] !== undefined).map((stage): AudienceFinding => ({
      id: desk.id('journey', stage),
      kind: 'journey_stage',
      title: capitalize(stage),
      why: `The brief asks for ${quote(stated[stage] as string)}; no own content was imported to compare with.`,
      method: 'Taken from the brief as stated',
      inputsUsed: fields('audience.buyingJourney'),
      confidence: 'low',
      assumptions: [],
      figures: {},
      stage,
      formats: [],
      pages: [],
    }));
  }
  const sorted = sortByStage(desk.own.pages);
  return JOURNEY_STAGES.map((stage) =>
    planStage(desk, {
      stage,
      pages: sorted[stage].map(({ item }) => item),
      words: sorted[stage].map(({ words }) => words),
      text: stated[stage],
    }),
  );
}
