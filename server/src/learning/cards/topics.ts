import type { EducationalContent } from '@throughline/sse-protocol';

/** Shown while the step `topics` is being done. */
export const topicsCard: EducationalContent = {
  title: 'Topics are found, not chosen',
  summary:
    'Pages that use the same distinctive words are put together into topics, many times over with different starting points; what comes out again and again is kept.',
  details: [
    'Every page becomes a list of weights: a word weighs more the oftener the page uses it and the fewer other pages do (TF-IDF).',
    'Grouping once would depend on luck. Twenty groupings vote on which pages belong together, and the votes are merged into one tree (Ward).',
    'Stability says how much of the grouping returns when a fifth of the pages is left out: 0 is chance, 1 is the same each time. Low stability means that your topics run into each other, as they do on most real sites.',
  ],
  tip: "Read the terms of a topic aloud. If you can't say in one sentence what a reader would come for, it is two topics or none.",
  sources: [
    { title: 'Manning, Raghavan & Schütze, Introduction to Information Retrieval', year: 2008 },
    { title: 'Ward, Hierarchical grouping to optimize an objective function, JASA 58', year: 1963 },
    { title: 'Hubert & Arabie, Comparing partitions, Journal of Classification 2', year: 1985 },
  ],
};
