import type { SectionKey } from '@throughline/strategy-contract';

/** Headings of a strategy's parts. */
export const SECTION_TITLES: Record<SectionKey, string> = {
  insights: 'Insights',
  audience: 'Audience',
  competition: 'Competition',
  topics: 'Topics',
  opportunities: 'Search opportunities',
  calendar: 'Calendar',
  performance: 'Performance',
  budget: 'Budget',
  roadmap: 'Roadmap',
  risks: 'Risks',
};
