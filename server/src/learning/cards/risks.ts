import type { EducationalContent } from '@throughline/sse-protocol';

/** Shown while the step `risks` is being done. */
export const risksCard: EducationalContent = {
  title: 'A risk without a driver is a worry',
  summary:
    'Rules are checked against your data: does most of the content rest on one topic, are there fewer hours than the plan needs, is a goal set without a way to measure it? Only what has evidence gets a place.',
  details: [
    'Each risk names its rule, the figures that set it off and what to do. You can disagree with the rule and still use the figure.',
    "A risk that can't be checked for lack of data is listed as such, without a score. Colours on a guess are still a guess.",
    'High confidence means counted in your data; low means it follows only from what the brief says.',
  ],
  tip: 'Give each risk that you keep an owner and a date on which to look again. A list that nobody reads is the largest risk of all.',
  sources: [
    { title: 'ISO 31000, Risk management: Guidelines', year: 2018 },
    { title: "Cox, What's wrong with risk matrices?, Risk Analysis 28", year: 2008 },
  ],
};
