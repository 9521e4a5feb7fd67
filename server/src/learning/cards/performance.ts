import type { EducationalContent } from '@throughline/sse-protocol';

/** Shown while the step `performance` is being done. */
export const performanceCard: EducationalContent = {
  title: 'From the goal back to the work',
  summary:
    'Your targets are taken apart into what makes them: leads are visits times a conversion rate, clicks are impressions times a click rate. Each part is yours, computed, or openly missing.',
  details: [
    'An identity holds always: it is no forecast. If you want so many leads at your conversion rate, the visits follow by division.',
    "Where your brief gives no rate, the box stays empty and says what to supply. An average from somebody else's industry would look precise and mean nothing.",
    "A forecast needs a series of your own past figures, and has to beat the simple rule 'as in the same season before'. Until then there is none.",
  ],
  tip: 'Look for the one missing rate that blanks most boxes, and measure that first. It is often how many visits become an enquiry.',
  sources: [
    { title: 'Kaplan & Norton, The Balanced Scorecard, Harvard Business Review 70', year: 1992 },
    { title: 'Hyndman & Athanasopoulos, Forecasting: Principles and Practice (3rd edition)', year: 2021 },
  ],
};
