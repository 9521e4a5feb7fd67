import type { AudienceFinding, ContentFormat, Figure } from '@throughline/strategy-contract';
import { byNewest, pageRef } from '../context/pages.js';
import type { SectionContext } from '../context/section-context.js';
import { observed, stated } from '../findings/figures.js';
import { fields, mergeInputs } from '../findings/inputs.js';
import { capitalize, joinWords, quote, say, sayNumber, sayWord, formatPlural } from '../findings/wording.js';
import { type AudienceDesk, sayNewest } from './audience-desk.js';
import { isOfFormat } from './format-lexicon.js';

const PAGES_LISTED = 5;

function planFormat(desk: AudienceDesk, format: ContentFormat, isPlanned: boolean): AudienceFinding {
  const pages = desk.own.pages.filter((page) => isOfFormat(page, format)).sort(byNewest);
  const counted = observed(pages.length, 'pages');
  const plural = formatPlural(format);
  const known = !desk.hasPages
    ? 'no own content was imported to count them in'
    : pages.length === 0
      ? 'no page of the site shows that it is one'
      : format === 'article'
        ? `${say(counted)} of the site count as ${plural}, with nothing that marks another format${sayNewest(pages)}`
        : `${say(counted)} of the site ${pages.length === 1 ? 'shows that it is one' : `show that they are ${plural}`}${sayNewest(pages)}`;
  const planned = isPlanned ? 'are among the formats to be made' : 'are not among the formats to be made';
  return {
    id: desk.id('prefers', format),
    kind: 'preference',
    title: `Prefers ${plural}`,
    why: `${capitalize(plural)} ${planned}; ${known}.`,
    method: 'Word rules over titles, tags and addresses; a page without a telling word counts as an article',
    inputsUsed: mergeInputs(fields('audience.preferences', 'content.formats'), desk.rows()),
    confidence: desk.hasPages ? 'medium' : 'low',
    assumptions: ['That the audience prefers them is the brief’s word.'],
    figures: desk.hasPages ? { pages: counted } : {},
    formats: [format],
    pages: pages.slice(0, PAGES_LISTED).map(pageRef),
  };
}

function planEngagement(desk: AudienceDesk, engagement: Record<string, number>): AudienceFinding {
  const ranked = Object.entries(engagement).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const figures: Record<string, Figure> = Object.fromEntries(
    ranked.map(([name, value]) => [name, stated(value, 'other')]),
  );
  const first = ranked[0] as [string, number];
  const told = ranked
    .slice(0, 4)
    .map(([name]) => `${quote(sayWord(name))} stands at ${sayNumber(figures[name] as Figure)}`);
  return {
    id: desk.id('engagement'),
    kind: 'preference',
    title: `Engages most with ${quote(sayWord(first[0]))}`,
    why: `By the brief’s own measure ${joinWords(told)}.`,
    method: 'Figures of the brief, in falling order',
    inputsUsed: fields('audience.engagement'),
    confidence: 'medium',
    assumptions: ['The figures are comparable with each other; the brief does not say in which unit they are.'],
    figures,
    formats: [],
    pages: [],
  };
}

/** Formats that the audience prefers, and what it engages with. */
export function planPreferences(context: SectionContext, desk: AudienceDesk): AudienceFinding[] {
  const preferences = context.brief.read('audience.preferences') ?? [];
  const formats = context.brief.read('content.formats') ?? [];
  const engagement = context.brief.read('audience.engagement');
  return [
    ...preferences.map((format) => planFormat(desk, format, formats.includes(format))),
    ...(engagement === undefined ? [] : [planEngagement(desk, engagement)]),
  ];
}
