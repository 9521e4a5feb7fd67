import { consensusTree } from './consensus.js';
import { dense, normalizeRows, pickRows, type Dense } from './dense.js';
import type { Random } from './random.js';
import { truncatedSvd, type SparseRow } from './truncated-svd.js';
import { cutTree } from './ward.js';

/** How texts are clustered. */
export interface TextClusterOptions {
  clusters: number;
  random: Random;
  /** Called after each k-means run. */
  onRun?: (run: number) => void;
}

/** Texts in clusters. */
export interface TextClusters {
  /** Cluster of each text. */
  labels: Int32Array;
  /** Cosine of each text with its cluster's centre; 0 where no term of it is in the vocabulary. */
  fit: Float64Array;
  /** Texts in the reduced space, rows of length 1. */
  points: Dense;
}

/** k-means runs behind a consensus. */
export const CONSENSUS_RUNS = 20;
const RANK = 50;
const REFINING_PASSES = 20;
// The consensus matrix is n × n; beyond this a sample makes the clusters, and the rest join the nearest.
const MOST_IN_CONSENSUS = 1500;

function centresOf(points: Dense, labels: Int32Array, clusters: number): Dense {
  const { columns, values } = points;
  const centres = dense(clusters, columns);
  labels.forEach((label, row) => {
    if (label < 0) return;
    for (let at = 0; at < columns; at += 1) {
      const to = label * columns + at;
      centres.values[to] = (centres.values[to] as number) + (values[row * columns + at] as number);
    }
  });
  return normalizeRows(centres);
}

function joinNearest(points: Dense, centres: Dense): { labels: Int32Array; fit: Float64Array } {
  const labels = new Int32Array(points.rows);
  const fit = new Float64Array(points.rows).fill(Number.NEGATIVE_INFINITY);
  for (let row = 0; row < points.rows; row += 1) {
    for (let label = 0; label < centres.rows; label += 1) {
      let cosine = 0;
      for (let at = 0; at < points.columns; at += 1) {
        cosine +=
          (points.values[row * points.columns + at] as number) *
          (centres.values[label * points.columns + at] as number);
      }
      if (cosine <= (fit[row] as number)) continue;
      labels[row] = label;
      fit[row] = cosine;
    }
  }
  return { labels, fit };
}

// The tree's cut leaves one large remainder; moving each text to the nearest centre shares it out.
function refine(points: Dense, start: Int32Array, clusters: number): { labels: Int32Array; fit: Float64Array } {
  let joined = joinNearest(points, centresOf(points, start, clusters));
  for (let pass = 1; pass < REFINING_PASSES; pass += 1) {
    const before = joined.labels;
    joined = joinNearest(points, centresOf(points, before, clusters));
    if (joined.labels.every((label, row) => label === before[row])) break;
  }
  return joined;
}

/**
 * Clusters texts: TF-IDF rows → truncated SVD → consensus of k-means runs at twice the count → Ward's tree, cut →
 * each text to the nearest centre.
 *
 * @param terms size of the vocabulary.
 */
export function clusterTexts(rows: readonly SparseRow[], terms: number, options: TextClusterOptions): TextClusters {
  const { random, onRun } = options;
  const clusters = Math.max(1, Math.min(options.clusters, rows.length));
  const points = normalizeRows(truncatedSvd(rows, terms, RANK, random));
  const stride = Math.ceil(rows.length / MOST_IN_CONSENSUS);
  const picked = Array.from({ length: Math.ceil(rows.length / stride) }, (_, index) => index * stride);
  const tree = consensusTree(stride === 1 ? points : pickRows(points, picked), {
    runs: CONSENSUS_RUNS,
    countOf: () => 2 * clusters,
    random,
    ...(onRun === undefined ? {} : { onRun }),
  });
  const start = new Int32Array(rows.length).fill(-1);
  cutTree(tree, picked.length, clusters).forEach((label, at) => {
    start[picked[at] as number] = label;
  });
  return { ...refine(points, start, clusters), points };
}
