import type { Dense } from './dense.js';
import { cutTree, wardTree } from './ward.js';

/** Splits points of length 1 into `count` clusters by Ward's tree over their squared distances. */
export function splitByWard(points: Dense, count: number): Int32Array {
  const { rows, columns, values } = points;
  const squared = new Float64Array(rows * rows);
  for (let a = 0; a < rows; a += 1) {
    for (let b = a + 1; b < rows; b += 1) {
      let sum = 0;
      for (let at = 0; at < columns; at += 1) {
        sum += ((values[a * columns + at] as number) - (values[b * columns + at] as number)) ** 2;
      }
      squared[a * rows + b] = sum;
      squared[b * rows + a] = sum;
    }
  }
  return cutTree(wardTree(squared, rows), rows, count);
}
