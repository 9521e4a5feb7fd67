import type { EducationalContent } from '@throughline/sse-protocol';

/** Shown while the step `context` is being done. */
export const contextCard: EducationalContent = {
  title: 'Who is this for, and what do you have for them?',
  summary:
    'Your brief is read field by field and laid beside the pages that you imported: which needs of your audience does a page already answer, and which none?',
  details: [
    'Each pain point, persona and stage of the buying journey is compared with every page by the words that they share; rare words count more than common ones.',
    'A need without a page is not a failure of your site. It is the cheapest idea for a new page, since somebody already told you that they want it.',
    'Only what is written in the title, the excerpt and the tags is read. A page that answers a need under another name can be missed, so look at the list before you act on it.',
  ],
  tip: "Write pain points in your customers' own words: from support mails, sales calls and reviews. Those words are what the pages are searched for.",
  sources: [
    { title: 'Halvorson & Rach, Content Strategy for the Web (2nd edition)', year: 2012 },
    {
      title: 'Spärck Jones, A statistical interpretation of term specificity, Journal of Documentation 28',
      year: 1972,
    },
  ],
};
