import type { EducationalContent } from '@throughline/sse-protocol';

/** Shown while the step `insights` is being done. */
export const insightsCard: EducationalContent = {
  title: 'What your own archive already tells',
  summary:
    'How often you published, how old the pages are, how long they are and how much rests on how few topics: counted in your own content, before any advice is given.',
  details: [
    'Cadence is counted by month. A falling line is not good or bad by itself, but a plan that asks for three times what you ever managed needs another reason than hope.',
    'Age matters where facts change. An old page on a strong topic is often worth more as an update than a new page on the same topic.',
    'Search data would add what readers look for and where you nearly rank. Without it that part stays empty, and says what to export.',
  ],
  tip: 'Before you write anything new, take the five oldest pages of your strongest topic and ask of each: would I publish this today?',
  sources: [
    { title: 'Halvorson & Rach, Content Strategy for the Web (2nd edition)', year: 2012 },
    { title: 'Land, Content Audits and Inventories: A Handbook', year: 2014 },
  ],
};
