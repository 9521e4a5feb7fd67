import { pickRows } from '../numeric/dense.js';
import { splitByWard } from '../numeric/nested-clusters.js';
import { adjustedRandIndex } from '../numeric/rand-index.js';
import { sampleIndices, seededRandom } from '../numeric/random.js';
import { clusterTexts, CONSENSUS_RUNS, type TextClusters } from '../numeric/text-clusters.js';
import { weighTerms, type VocabularyOptions } from '../text/weigh-terms.js';
import type { Corpus } from '../text/corpus.js';

/** Pages of one topic, by position in the corpus, those nearest to its centre first. */
export interface TopicGroup {
  members: number[];
  clusters: number[][];
  /** How much of the topic is found again in subsamples: mean of the best Jaccard overlap. */
  recurrence: number;
}

/** Topics of a corpus. */
export interface FoundTopics {
  groups: TopicGroup[];
  /** Pages that fit no topic. */
  unplaced: number[];
  /** Mean adjusted Rand index between the topics and those of subsamples. */
  stability: number;
}

/** Subsamples behind a stability, and the share of pages in each. */
export const SUBSAMPLES = 6;
export const SUBSAMPLE_SHARE = 0.8;
const LEAST_FIT = 0.25;
const LEAST_TO_SPLIT = 16;
const PAGES_PER_CLUSTER = 14;
const MOST_CLUSTERS = 4;

/** Number of topics: grows with the root of the number of pages, as topics of a site do not grow with each page. */
export function countTopics(pages: number): number {
  return Math.max(3, Math.min(14, Math.round(0.55 * Math.sqrt(pages))));
}

function vocabularyFor(pages: number): VocabularyOptions {
  const minDocuments = pages >= 300 ? 4 : pages >= 100 ? 3 : 2;
  return { minDocuments, maxShare: 0.2, longestPhrase: 1 };
}

function membersOf({ labels, fit }: TextClusters, label: number): number[] {
  return [...labels.keys()]
    .filter((at) => labels[at] === label && (fit[at] as number) >= LEAST_FIT)
    .sort((a, b) => (fit[b] as number) - (fit[a] as number) || a - b);
}

function splitGroup(found: TextClusters, members: number[]): number[][] {
  if (members.length < LEAST_TO_SPLIT) return [];
  const count = Math.max(2, Math.min(MOST_CLUSTERS, Math.round(members.length / PAGES_PER_CLUSTER)));
  const labels = splitByWard(pickRows(found.points, members), count);
  const clusters = Array.from({ length: count }, (_, label) => members.filter((__, at) => labels[at] === label));
  return clusters.filter(({ length }) => length >= 3).sort((a, b) => b.length - a.length);
}

function bestOverlap(members: ReadonlySet<number>, labels: Map<number, number>): number {
  const shared = new Map<number, number>();
  const sizes = new Map<number, number>();
  let size = 0;
  for (const [at, label] of labels) {
    sizes.set(label, (sizes.get(label) ?? 0) + 1);
    if (!members.has(at)) continue;
    size += 1;
    shared.set(label, (shared.get(label) ?? 0) + 1);
  }
  const overlaps = [...shared].map(([label, both]) => both / (size + (sizes.get(label) as number) - both));
  return Math.max(0, ...overlaps);
}

interface Progress {
  seed: number;
  onWork: (done: number, total: number) => void;
}

interface Subsample {
  run: number;
  clusters: number;
  seed: number;
  onRun: (kMeansRun: number) => void;
}

function subsample(corpus: Corpus, { run, clusters, seed, onRun }: Subsample): Map<number, number> {
  const random = seededRandom(seed + 1000 + run);
  const size = corpus.documents.length;
  const picked = sampleIndices(size, Math.round(size * SUBSAMPLE_SHARE), random);
  const documents = picked.map((at) => corpus.documents[at] as Corpus['documents'][number]);
  const documentFrequency = new Map<string, number>();
  for (const { terms } of documents) {
    for (const term of terms.keys()) documentFrequency.set(term, (documentFrequency.get(term) ?? 0) + 1);
  }
  const { rows, terms } = weighTerms({ ...corpus, documents, documentFrequency }, vocabularyFor(size));
  const { labels } = clusterTexts(rows, terms.length, { clusters, random, onRun });
  return new Map(picked.map((at, index) => [at, labels[index] as number]));
}

/** Finds topics by clustering, and measures how far they are found again in parts of the corpus. */
export function findTopics(corpus: Corpus, { seed, onWork }: Progress): FoundTopics {
  const clusters = countTopics(corpus.documents.length);
  const total = CONSENSUS_RUNS * (1 + SUBSAMPLES);
  const { rows, terms } = weighTerms(corpus, vocabularyFor(corpus.documents.length));
  const found = clusterTexts(rows, terms.length, {
    clusters,
    random: seededRandom(seed),
    onRun: (run) => onWork(run + 1, total),
  });
  const samples = Array.from({ length: SUBSAMPLES }, (_, run) => {
    const before = CONSENSUS_RUNS * (run + 1);
    return subsample(corpus, { run, clusters, seed, onRun: (kMeansRun) => onWork(before + kMeansRun + 1, total) });
  });
  const agreements = samples.map((sample) =>
    adjustedRandIndex(
      [...sample.keys()].map((at) => found.labels[at] as number),
      [...sample.values()],
    ),
  );
  const groups = Array.from({ length: clusters }, (_, label) => membersOf(found, label))
    .filter(({ length }) => length > 0)
    .map((members): TopicGroup => {
      const overlaps = samples.map((sample) => bestOverlap(new Set(members), sample));
      const recurrence = overlaps.reduce((sum, overlap) => sum + overlap, 0) / SUBSAMPLES;
      return { members, clusters: splitGroup(found, members), recurrence };
    })
    .sort((a, b) => b.members.length - a.members.length || (a.members[0] as number) - (b.members[0] as number));
  return {
    groups,
    unplaced: [...found.fit.keys()].filter((at) => (found.fit[at] as number) < LEAST_FIT),
    stability: agreements.reduce((sum, agreement) => sum + agreement, 0) / SUBSAMPLES,
  };
}
