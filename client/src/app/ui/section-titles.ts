import type { SectionKey } from '@throughline/strategy-contract';

/** Names of the strategy's parts, as a reader sees them. */
export const SECTION_TITLES: Record<SectionKey, string> = {
  insights: 'Insights',
  audience: 'Audience',
  competition: 'Competition',
  topics: 'Topics',
  opportunities: 'Opportunities',
  calendar: 'Calendar',
  performance: 'Performance',
  budget: 'Budget',
  roadmap: 'Roadmap',
  risks: 'Risks',
};

/** The name of a part; a part of a later version is shown by its key. */
export function sectionTitle(key: string): string {
  return (SECTION_TITLES as Record<string, string>)[key] ?? key.charAt(0).toUpperCase() + key.slice(1);
}
