import type { Dense } from './dense.js';
import type { Random } from './random.js';

const MAX_PASSES = 15;

function squaredDistance(points: Dense, row: number, centres: Float64Array, centre: number): number {
  const { columns, values } = points;
  let sum = 0;
  for (let at = 0; at < columns; at += 1) {
    const difference = (values[row * columns + at] as number) - (centres[centre * columns + at] as number);
    sum += difference * difference;
  }
  return sum;
}

// k-means++: each next centre is drawn in proportion to its squared distance from those already there.
function seedCentres(points: Dense, count: number, random: Random): Float64Array {
  const { rows, columns, values } = points;
  const centres = new Float64Array(count * columns);
  const nearest = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  let chosen = Math.floor(random() * rows);
  for (let centre = 0; centre < count; centre += 1) {
    centres.set(values.subarray(chosen * columns, (chosen + 1) * columns), centre * columns);
    let total = 0;
    for (let row = 0; row < rows; row += 1) {
      nearest[row] = Math.min(nearest[row] as number, squaredDistance(points, row, centres, centre));
      total += nearest[row] as number;
    }
    let rest = random() * total;
    chosen = rows - 1;
    for (let row = 0; row < rows; row += 1) {
      rest -= nearest[row] as number;
      if (rest < 0) {
        chosen = row;
        break;
      }
    }
  }
  return centres;
}

function moveCentres(points: Dense, labels: Int32Array, centres: Float64Array, count: number): void {
  const { rows, columns, values } = points;
  const sizes = new Int32Array(count);
  const sums = new Float64Array(centres.length);
  for (let row = 0; row < rows; row += 1) {
    const label = labels[row] as number;
    sizes[label] = (sizes[label] as number) + 1;
    for (let at = 0; at < columns; at += 1) {
      sums[label * columns + at] = (sums[label * columns + at] as number) + (values[row * columns + at] as number);
    }
  }
  for (let label = 0; label < count; label += 1) {
    const size = sizes[label] as number;
    // An empty cluster keeps its centre: it may win points again.
    if (size === 0) continue;
    for (let at = label * columns; at < (label + 1) * columns; at += 1) centres[at] = (sums[at] as number) / size;
  }
}

// |x − c|² differs from |c|² − 2x·c by |x|² alone, so the nearest centre needs only the latter.
function nearestCentre(point: Float64Array, centres: readonly Float64Array[], halfSquares: Float64Array): number {
  let best = 0;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (let label = 0; label < centres.length; label += 1) {
    const centre = centres[label] as Float64Array;
    let score = -(halfSquares[label] as number);
    for (let at = 0; at < point.length; at += 1) score += (point[at] as number) * (centre[at] as number);
    if (score <= bestScore) continue;
    best = label;
    bestScore = score;
  }
  return best;
}

/** Labels of the rows by k-means, from k-means++ centres. */
export function kMeans(points: Dense, count: number, random: Random): Int32Array {
  const { rows, columns, values } = points;
  const all = seedCentres(points, count, random);
  const centres = Array.from({ length: count }, (_, label) => all.subarray(label * columns, (label + 1) * columns));
  const halfSquares = new Float64Array(count);
  const labels = new Int32Array(rows).fill(-1);
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    centres.forEach((centre, label) => {
      halfSquares[label] = centre.reduce((sum, value) => sum + value * value, 0) / 2;
    });
    let moved = 0;
    for (let row = 0; row < rows; row += 1) {
      const label = nearestCentre(values.subarray(row * columns, (row + 1) * columns), centres, halfSquares);
      if (labels[row] !== label) moved += 1;
      labels[row] = label;
    }
    if (moved === 0) break;
    moveCentres(points, labels, all, count);
  }
  return labels;
}
