import type { AudienceFinding, Confidence } from '@throughline/strategy-contract';
import type { FieldValue } from '../context/brief-reader.js';
import { pageRef, type Page } from '../context/pages.js';
import type { SectionContext } from '../context/section-context.js';
import { computed, counted as tally, observed } from '../findings/figures.js';
import { fields, mergeInputs } from '../findings/inputs.js';
import { asSentence, capitalize, joinWords, lowerFirst, quote, say } from '../findings/wording.js';
import { type AudienceDesk, MATCHING, sayNewest } from './audience-desk.js';

type Persona = FieldValue<'audience.personas'>[number];

const PAGES_LISTED = 5;
/** Pages from which on a need counts as well served. */
const WELL_SERVED = 5;

function confidenceOf(pages: readonly Page[], hasPages: boolean): Confidence {
  return !hasPages ? 'low' : pages.length >= WELL_SERVED ? 'high' : 'medium';
}

function planPainPoint(desk: AudienceDesk, text: string): AudienceFinding {
  const pages = desk.match(text);
  const counted = observed(pages.length, 'pages');
  const why = !desk.hasPages
    ? 'No own content was imported to look for an answer in.'
    : pages.length === 0
      ? 'No page shares enough of its words to count as an answer: it is open ground for new content.'
      : `${capitalize(say(counted))} ${pages.length === 1 ? 'speaks' : 'speak'} to it${sayNewest(pages)}; the closest is ${quote(pageRef(pages[0] as Page).title)}.`;
  return {
    id: desk.id('pain', text),
    kind: 'pain_point',
    title: capitalize(text.replace(/\.$/, '')),
    why,
    method: MATCHING,
    inputsUsed: mergeInputs(fields('audience.painPoints'), desk.rows()),
    confidence: confidenceOf(pages, desk.hasPages),
    assumptions: ['Words are compared, not meanings: a page that says it in other words is not counted.'],
    figures: desk.hasPages ? { pages: counted } : {},
    formats: [],
    pages: pages.slice(0, PAGES_LISTED).map(pageRef),
  };
}

function sayUnmet(unmet: readonly string[]): string {
  if (unmet.length === 0) return 'every stated need has at least one page';
  return `nothing answers ${joinWords(unmet.slice(0, 3).map(quote), 'or')} yet`;
}

function planPersona(desk: AudienceDesk, { name, role, needs = [] }: Persona): AudienceFinding {
  const texts = needs.length > 0 ? needs : role === undefined ? [] : [role];
  const pages = desk.matchAny(texts);
  const unmet = needs.filter((need) => desk.match(need).length === 0);
  const counted = observed(pages.length, 'pages');
  const list = joinWords(needs.map(quote));
  const needed =
    needs.length === 0 ? 'No needs are stated' : `${needs.length === 1 ? 'The need is' : 'The needs are'} ${list}`;
  const served = !desk.hasPages
    ? 'no own content was imported to compare them with'
    : needs.length === 0
      ? role === undefined
        ? 'nor is a role, so that no page can be told to serve them'
        : `${pages.length === 0 ? 'no page names' : `${say(counted)} ${pages.length === 1 ? 'names' : 'name'}`} the role`
      : unmet.length === needs.length
        ? 'no page of the site speaks to any of them'
        : `${say(counted)} ${pages.length === 1 ? 'speaks' : 'speak'} to them, and ${sayUnmet(unmet)}`;
  return {
    id: desk.id('persona', name),
    kind: 'persona',
    title: role === undefined ? name : `${name}: ${lowerFirst(role)}`,
    why: asSentence(`${needed}; ${served}`),
    method: MATCHING,
    inputsUsed: mergeInputs(fields('audience.personas'), desk.rows()),
    confidence: needs.length === 0 ? 'low' : confidenceOf(pages, desk.hasPages),
    assumptions: ['The persona is taken as the brief states it.'],
    figures: {
      ...(desk.hasPages && texts.length > 0 ? { pages: counted } : {}),
      ...(desk.hasPages && needs.length > 0 ? { unmetNeeds: tally(unmet.length, 'statements', 'brief') } : {}),
      ...(needs.length > 0 && desk.hasPages
        ? { needsServed: computed(1 - unmet.length / needs.length, 'share', 'needs with a page ÷ needs stated') }
        : {}),
    },
    formats: [],
    pages: pages.slice(0, PAGES_LISTED).map(pageRef),
  };
}

/** Pain points and personas, each with the pages that serve it. */
export function planNeeds(context: SectionContext, desk: AudienceDesk): AudienceFinding[] {
  const painPoints = context.brief.read('audience.painPoints') ?? [];
  const personas = context.brief.read('audience.personas') ?? [];
  return [
    ...personas.map((persona) => planPersona(desk, persona)),
    ...painPoints.map((text) => planPainPoint(desk, text)),
  ];
}
