import type { SparseRow } from '../numeric/truncated-svd.js';
import type { Corpus } from './corpus.js';

/** Limits of a vocabulary. */
export interface VocabularyOptions {
  minDocuments: number;
  /** Share of all pages above which a term tells nothing apart. */
  maxShare: number;
  longestPhrase: number;
}

/** TF-IDF rows of length 1. */
export interface WeightedCorpus {
  rows: SparseRow[];
  terms: string[];
}

/** Smooth inverse document frequency. */
export function inverseFrequency(documents: number, frequency: number): number {
  return 1 + Math.log((1 + documents) / (1 + frequency));
}

/** Weighs terms by TF-IDF: 1 + ln tf, smooth idf, rows of length 1. */
export function weighTerms(corpus: Corpus, options: VocabularyOptions): WeightedCorpus {
  const size = corpus.documents.length;
  const most = Math.max(options.minDocuments, options.maxShare * size);
  const chosen = [...corpus.documentFrequency]
    .filter(([, frequency]) => frequency >= options.minDocuments && frequency <= most)
    .filter(([term]) => term.split(' ').length <= options.longestPhrase)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const columnOf = new Map(chosen.map(([term], column) => [term, column]));
  const idf = chosen.map(([, frequency]) => inverseFrequency(size, frequency));
  const rows = corpus.documents.map(({ terms }): SparseRow => {
    const entries = [...terms]
      .flatMap(([term, times]) => {
        const column = columnOf.get(term);
        return column === undefined ? [] : [[column, (1 + Math.log(times)) * (idf[column] as number)] as const];
      })
      .sort((a, b) => a[0] - b[0]);
    const length = Math.sqrt(entries.reduce((sum, [, value]) => sum + value * value, 0)) || 1;
    return {
      columns: Int32Array.from(entries, ([column]) => column),
      values: Float64Array.from(entries, ([, value]) => value / length),
    };
  });
  return { rows, terms: chosen.map(([term]) => term) };
}

/** Cosine of two rows of length 1. */
export function cosine(a: SparseRow, b: SparseRow): number {
  let sum = 0;
  let atB = 0;
  for (let atA = 0; atA < a.columns.length; atA += 1) {
    const column = a.columns[atA] as number;
    while (atB < b.columns.length && (b.columns[atB] as number) < column) atB += 1;
    if (b.columns[atB] === column) sum += (a.values[atA] as number) * (b.values[atB] as number);
  }
  return sum;
}
