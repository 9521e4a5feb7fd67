import type { Figure, Section, TopicFinding } from '@throughline/strategy-contract';
import type { BriefPath } from '../context/brief-reader.js';
import type { OwnContent } from '../context/own-content.js';
import { pageRef } from '../context/pages.js';
import type { SectionContext } from '../context/section-context.js';
import { observed } from '../findings/figures.js';
import { identifiers } from '../findings/identifiers.js';
import { fields, mergeInputs, pageRows } from '../findings/inputs.js';
import { partial } from '../findings/sections.js';
import { capitalize, say } from '../findings/wording.js';
import { cleanText } from '../text/clean-text.js';
import { meaningfulTokens } from '../text/corpus.js';
import { matchPages } from '../text/page-index.js';

/** Own pages from which on topics are found in the content; below, the brief's themes stand in. */
export const LEAST_PAGES = 30;

const SOURCES = [
  ['audience.painPoints', 'a pain point of the audience'],
  ['competition.knownGaps', 'a known gap'],
  ['competition.trends', 'a trend'],
] as const satisfies readonly (readonly [BriefPath, string])[];

interface Theme {
  text: string;
  field: BriefPath;
  origin: string;
}

function themesOf(context: SectionContext): Theme[] {
  const seen = new Set<string>();
  return SOURCES.flatMap(([field, origin]) =>
    (context.brief.read(field) ?? []).map((text) => ({ text: cleanText(text), field, origin })),
  ).filter(({ text }) => {
    const isNew = !seen.has(text.toLowerCase());
    seen.add(text.toLowerCase());
    return isNew;
  });
}

/** With too little content for topics: the brief's own themes, said to be just that. */
export function planStatedTopics(context: SectionContext, own: OwnContent): Section<TopicFinding> {
  const id = identifiers('topics');
  const findings = themesOf(context).map(({ text, field, origin }): TopicFinding => {
    const pages = matchPages(own.corpus, text).map(({ page }) => own.pages[page] as OwnContent['pages'][number]);
    const hasPages = own.pages.length > 0;
    const counted = observed(pages.length, 'pages');
    const figures: Record<string, Figure> = hasPages ? { pages: counted } : {};
    const found = !hasPages
      ? 'no own content was imported to look for it in'
      : pages.length === 0
        ? 'no page speaks to it yet'
        : `${say(counted)} ${pages.length === 1 ? 'shares' : 'share'} its words`;
    return {
      id: id(text),
      kind: 'topic',
      role: 'pillar',
      title: capitalize(text),
      why: `The brief names it as ${origin}; ${found}.`,
      method: 'Taken from the brief as stated; pages matched by shared words, rare ones weighing more',
      inputsUsed: mergeInputs(fields(field), pageRows(own.pages, 'pages')),
      confidence: 'low',
      assumptions: ['A theme that the brief states, not a topic found in the content.'],
      figures,
      terms: [...new Set(meaningfulTokens(text, own.corpus.stopWords).map(({ lower }) => lower))].slice(0, 8),
      pages: pages.map(pageRef),
    };
  });
  const have =
    own.pages.length === 0
      ? 'No own content was imported'
      : own.pages.length < LEAST_PAGES
        ? 'Too few own pages were imported'
        : 'The pages have too little in common';
  return partial(
    context,
    findings,
    `${have}, so topics cannot be found in the content; the themes that the brief states stand in for them.`,
    [
      {
        what: 'at least 30 pages of your own content, as an inventory CSV, a feed or a sitemap',
        adds: 'topics found in what you have published, with how stable they are',
      },
    ],
  );
}
