import { dense, type Dense } from './dense.js';
import { kMeans } from './k-means.js';
import type { Random } from './random.js';
import { wardTree, type Merge } from './ward.js';

/** How a consensus is found. */
export interface ConsensusOptions {
  runs: number;
  /** Clusters of each k-means run. */
  countOf: (run: number) => number;
  random: Random;
  /** Called after each run. */
  onRun?: (run: number) => void;
}

function countTogether({ rows, values }: Dense, labels: Int32Array): void {
  const members = new Map<number, number[]>();
  labels.forEach((label, row) => {
    const group = members.get(label);
    if (group === undefined) members.set(label, [row]);
    else group.push(row);
  });
  for (const group of members.values()) {
    for (const a of group) {
      for (const b of group) values[a * rows + b] = (values[a * rows + b] as number) + 1;
    }
  }
}

/**
 * Ward's tree over how often points fall into one cluster in many k-means runs (evidence accumulation, Fred and Jain
 * 2005). One run depends much on its start; what most runs agree on does not.
 */
export function consensusTree(points: Dense, options: ConsensusOptions): Merge[] {
  const { rows } = points;
  const together = dense(rows, rows);
  for (let run = 0; run < options.runs; run += 1) {
    const labels = kMeans(points, Math.min(options.countOf(run), rows), options.random);
    countTogether(together, labels);
    options.onRun?.(run);
  }
  const squared = together.values.map((count) => (1 - count / options.runs) ** 2);
  return wardTree(squared, rows);
}
