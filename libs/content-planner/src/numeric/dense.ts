/** Rows of numbers, one after another in one array. */
export interface Dense {
  rows: number;
  columns: number;
  values: Float64Array;
}

export function dense(rows: number, columns: number): Dense {
  return { rows, columns, values: new Float64Array(rows * columns) };
}

/** Scales each row to length 1; rows of zeros stay. */
export function normalizeRows(matrix: Dense): Dense {
  const { rows, columns, values } = matrix;
  for (let row = 0; row < rows; row += 1) {
    const from = row * columns;
    let square = 0;
    for (let at = from; at < from + columns; at += 1) square += (values[at] as number) ** 2;
    if (square === 0) continue;
    const scale = 1 / Math.sqrt(square);
    for (let at = from; at < from + columns; at += 1) values[at] = (values[at] as number) * scale;
  }
  return matrix;
}

/** Some rows of a matrix, in the order given. */
export function pickRows(matrix: Dense, picked: readonly number[]): Dense {
  const result = dense(picked.length, matrix.columns);
  picked.forEach((row, at) => {
    result.values.set(matrix.values.subarray(row * matrix.columns, (row + 1) * matrix.columns), at * matrix.columns);
  });
  return result;
}
