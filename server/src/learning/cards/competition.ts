import type { EducationalContent } from '@throughline/sse-protocol';

/** Shown while the step `competition` is being done. */
export const competitionCard: EducationalContent = {
  title: 'A gap is a share, not a count',
  summary:
    "Your pages and your competitors' are grouped together, and for each topic the two shares are compared: what do they speak about that you hardly do, and the other way round?",
  details: [
    'A larger site has more pages on everything. So shares are compared, as smoothed log-odds: 0 means equal weight, above it the competitor gives the topic more room, below it you do.',
    "Few pages prove little. The smoothing pulls topics with a handful of pages towards 0, so that one lucky article doesn't become a trend.",
    'A gap is a question, not an order: they may be wrong to write about it. Your strengths are listed with equal care, since those are what to defend.',
  ],
  tip: "Take a gap only if it meets an objective or a pain point of your brief. Copying a competitor's calendar makes you their echo.",
  sources: [{ title: "Monroe, Colaresi & Quinn, Fightin' Words, Political Analysis 16", year: 2008 }],
};
