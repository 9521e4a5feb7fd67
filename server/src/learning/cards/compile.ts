import type { EducationalContent } from '@throughline/sse-protocol';

/** Shown while the step `compile` is being done. */
export const compileCard: EducationalContent = {
  title: 'Everything with its source, or not at all',
  summary:
    'The parts become one document with a version. Each statement keeps the fields and rows that it rests on, and what could not be said is listed with what would make it possible.',
  details: [
    "A version never changes. If you alter the brief and run again, parts that don't cite the altered field come out the same, letter for letter.",
    'Numbers carry a tag: observed in your data, computed by a named method, a benchmark with source and year, or an assumption and whose it is.',
    'The list of gaps is the shortest way to a better strategy: each entry says what to supply and what it adds.',
  ],
  tip: "Share the gaps together with the plan. People trust a document that says what it doesn't know.",
  sources: [
    {
      title: 'Sandve et al., Ten simple rules for reproducible computational research, PLOS Computational Biology 9',
      year: 2013,
    },
  ],
};
