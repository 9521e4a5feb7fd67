import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { consensusTree } from './consensus.js';
import { dense, normalizeRows, type Dense } from './dense.js';
import { kMeans } from './k-means.js';
import { splitByWard } from './nested-clusters.js';
import { adjustedRandIndex } from './rand-index.js';
import { normal, sampleIndices, seededRandom } from './random.js';
import { truncatedSvd, type SparseRow } from './truncated-svd.js';
import { cutTree, wardTree } from './ward.js';

function toDense(rows: readonly (readonly number[])[]): Dense {
  const matrix = dense(rows.length, rows[0]?.length ?? 0);
  rows.forEach((row, at) => matrix.values.set(row, at * matrix.columns));
  return matrix;
}

function toSparse(rows: readonly (readonly number[])[]): SparseRow[] {
  return rows.map((row) => {
    const columns = row.flatMap((value, column) => (value === 0 ? [] : [column]));
    return { columns: Int32Array.from(columns), values: Float64Array.from(columns, (column) => row[column] as number) };
  });
}

/** Points around centres far apart, with the centre of each. */
function blobs(random = seededRandom(1)): { points: Dense; truth: number[] } {
  const truth = Array.from({ length: 60 }, (_, at) => at % 3);
  const rows = truth.map((label) => [0, 1, 2].map((axis) => (axis === label ? 10 : 0) + normal(random)));
  return { points: toDense(rows), truth };
}

describe('seeded random numbers', () => {
  it('repeat for a seed and differ between seeds', () => {
    const draw = (seed: number) => Array.from({ length: 5 }, seededRandom(seed));
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  it('pick different positions in rising order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer(), (size, seed) => {
        const count = Math.ceil(size * 0.8);
        const picked = sampleIndices(size, count, seededRandom(seed));
        expect(new Set(picked).size).toBe(count);
        expect([...picked].sort((a, b) => a - b)).toEqual(picked);
        expect(picked.every((at) => at >= 0 && at < size)).toBe(true);
      }),
    );
  });
});

describe('truncatedSvd', () => {
  it('gives the coordinates that a full decomposition gives, up to sign', () => {
    const random = seededRandom(4);
    const rows = Array.from({ length: 20 }, () =>
      Array.from({ length: 12 }, () => (random() < 0.4 ? normal(random) : 0)),
    );
    const found = truncatedSvd(toSparse(rows), 12, 5, seededRandom(1));
    const full = new SingularValueDecomposition(new Matrix(rows));
    for (let column = 0; column < 5; column += 1) {
      const sigma = full.diagonal[column] as number;
      const expected = rows.map((_, row) => Math.abs(full.leftSingularVectors.get(row, column) * sigma));
      rows.forEach((_, row) =>
        expect(Math.abs(found.values[row * 5 + column] as number)).toBeCloseTo(expected[row] as number, 5),
      );
    }
  });

  it('gives no more directions than there are', () => {
    expect(
      truncatedSvd(
        toSparse([
          [1, 0],
          [0, 2],
        ]),
        2,
        50,
        seededRandom(1),
      ).columns,
    ).toBe(2);
  });
});

describe('clustering', () => {
  it('finds clusters far apart by k-means, whatever the seed', () => {
    const { points, truth } = blobs();
    const agreements = [1, 2, 3, 4, 5].map((seed) => adjustedRandIndex(kMeans(points, 3, seededRandom(seed)), truth));
    expect(Math.max(...agreements)).toBe(1);
  });

  it('finds the same by consensus every time', () => {
    const { points, truth } = blobs();
    for (const seed of [1, 2, 3, 4, 5]) {
      const tree = consensusTree(points, { runs: 20, countOf: () => 6, random: seededRandom(seed) });
      expect(adjustedRandIndex(cutTree(tree, 60, 3), truth)).toBe(1);
    }
  });

  it('merges as greedy Ward merging does', () => {
    const random = seededRandom(9);
    const points = Array.from({ length: 12 }, () => [random(), random()]);
    const squared = new Float64Array(144);
    points.forEach(([x = 0, y = 0], a) =>
      points.forEach(([u = 0, w = 0], b) => {
        squared[a * 12 + b] = (x - u) ** 2 + (y - w) ** 2;
      }),
    );
    const heights = wardTree(Float64Array.from(squared), 12).map(({ height }) => height);
    expect(heights).toHaveLength(11);
    greedyHeights(points).forEach((height, at) => expect(heights[at]).toBeCloseTo(height, 8));
  });

  it('cuts a tree into as many clusters as asked', () => {
    const { points } = blobs();
    for (const count of [1, 2, 5, 60]) expect(new Set(splitByWard(normalizeRows(points), count)).size).toBe(count);
  });
});

// Ward by definition: the two clusters whose union adds least to the squared distances from the means.
function greedyHeights(points: readonly (readonly number[])[]): number[] {
  let clusters = points.map((point) => [point]);
  const mean = (cluster: readonly (readonly number[])[]) =>
    [0, 1].map((axis) => cluster.reduce((sum, point) => sum + (point[axis] as number), 0) / cluster.length);
  const cost = (a: (typeof clusters)[number], b: (typeof clusters)[number]) => {
    const [[x = 0, y = 0], [u = 0, w = 0]] = [mean(a), mean(b)];
    return ((2 * a.length * b.length) / (a.length + b.length)) * ((x - u) ** 2 + (y - w) ** 2);
  };
  const heights: number[] = [];
  while (clusters.length > 1) {
    const pairs = clusters.flatMap((a, at) => clusters.slice(at + 1).map((b) => ({ a, b, height: cost(a, b) })));
    const best = pairs.reduce((least, pair) => (pair.height < least.height ? pair : least));
    heights.push(best.height);
    clusters = [...clusters.filter((cluster) => cluster !== best.a && cluster !== best.b), [...best.a, ...best.b]];
  }
  return heights;
}

describe('adjustedRandIndex', () => {
  it('is 1 for the same groups under other names, and about 0 by chance', () => {
    expect(adjustedRandIndex([0, 0, 1, 1, 2], [5, 5, 3, 3, 9])).toBe(1);
    const random = seededRandom(2);
    const draw = () => Array.from({ length: 2000 }, () => Math.floor(random() * 4));
    expect(Math.abs(adjustedRandIndex(draw(), draw()))).toBeLessThan(0.02);
  });

  it('agrees with a worked example', () => {
    // Hubert and Arabie: pairs 3 together in both, 4 in the first, 5 in the second, of 15.
    expect(adjustedRandIndex([0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 2, 2])).toBeCloseTo(0.2424, 4);
  });
});
