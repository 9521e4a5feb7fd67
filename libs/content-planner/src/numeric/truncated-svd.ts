import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { dense, type Dense } from './dense.js';
import { normal, type Random } from './random.js';

/** One row of a sparse matrix: columns in rising order, with their values. */
export interface SparseRow {
  columns: Int32Array;
  values: Float64Array;
}

// rows × right, where `right` has `width` columns.
function timesDense(rows: readonly SparseRow[], right: Dense): Dense {
  const width = right.columns;
  const result = dense(rows.length, width);
  rows.forEach(({ columns, values }, row) => {
    for (let at = 0; at < columns.length; at += 1) {
      const value = values[at] as number;
      const from = (columns[at] as number) * width;
      for (let column = 0; column < width; column += 1) {
        const to = row * width + column;
        result.values[to] = (result.values[to] as number) + value * (right.values[from + column] as number);
      }
    }
  });
  return result;
}

// rowsᵀ × left.
function transposedTimesDense(rows: readonly SparseRow[], terms: number, left: Dense): Dense {
  const width = left.columns;
  const result = dense(terms, width);
  rows.forEach(({ columns, values }, row) => {
    for (let at = 0; at < columns.length; at += 1) {
      const value = values[at] as number;
      const to = (columns[at] as number) * width;
      for (let column = 0; column < width; column += 1) {
        result.values[to + column] =
          (result.values[to + column] as number) + value * (left.values[row * width + column] as number);
      }
    }
  });
  return result;
}

function transpose({ rows, columns, values }: Dense): Dense {
  const result = dense(columns, rows);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      result.values[column * rows + row] = values[row * columns + column] as number;
    }
  }
  return result;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += 1) sum += (a[at] as number) * (b[at] as number);
  return sum;
}

// Gram-Schmidt, twice, which is as exact as Householder here; columns that vanish become zero.
function orthonormalize(matrix: Dense): Dense {
  const turned = transpose(matrix);
  const columns = Array.from({ length: turned.rows }, (_, at) =>
    turned.values.subarray(at * turned.columns, (at + 1) * turned.columns),
  );
  columns.forEach((column, index) => {
    for (const other of [...columns.slice(0, index), ...columns.slice(0, index)]) {
      const share = dot(column, other);
      for (let at = 0; at < column.length; at += 1) column[at] = (column[at] as number) - share * (other[at] as number);
    }
    const length = Math.sqrt(dot(column, column));
    const scale = length < 1e-10 ? 0 : 1 / length;
    for (let at = 0; at < column.length; at += 1) column[at] = (column[at] as number) * scale;
  });
  return transpose(turned);
}

// Coordinates Q·W·Σ: the eigenvectors of B·Bᵀ turn the found subspace into singular directions, largest first.
function project(basis: Dense, onTerms: Dense, rank: number): Dense {
  const size = basis.columns;
  const gram = Matrix.zeros(size, size);
  const turned = transpose(onTerms);
  const column = (at: number) => turned.values.subarray(at * turned.columns, (at + 1) * turned.columns);
  for (let a = 0; a < size; a += 1) {
    for (let b = a; b < size; b += 1) {
      const product = dot(column(a), column(b));
      gram.set(a, b, product);
      gram.set(b, a, product);
    }
  }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(gram, { assumeSymmetric: true });
  const order = realEigenvalues.map((_, index) => index).sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!);
  const kept = order.slice(0, rank);
  const result = dense(basis.rows, kept.length);
  for (let row = 0; row < basis.rows; row += 1) {
    kept.forEach((index, direction) => {
      let sum = 0;
      for (let at = 0; at < size; at += 1) {
        sum += (basis.values[row * size + at] as number) * eigenvectorMatrix.get(at, index);
      }
      result.values[row * kept.length + direction] = sum * Math.sqrt(Math.max(0, realEigenvalues[index] as number));
    });
  }
  return result;
}

/**
 * Coordinates of the rows in the `rank` strongest singular directions (U·Σ), by randomised subspace iteration
 * (Halko, Martinsson and Tropp, 2011).
 *
 * @param terms number of columns of the sparse matrix.
 */
export function truncatedSvd(rows: readonly SparseRow[], terms: number, rank: number, random: Random): Dense {
  const width = Math.max(1, Math.min(rank + 10, rows.length, terms));
  const start = dense(terms, width);
  for (let at = 0; at < start.values.length; at += 1) start.values[at] = normal(random);
  let basis = orthonormalize(timesDense(rows, start));
  for (let pass = 0; pass < 3; pass += 1) {
    basis = orthonormalize(timesDense(rows, transposedTimesDense(rows, terms, basis)));
  }
  return project(basis, transposedTimesDense(rows, terms, basis), Math.min(rank, width));
}
