import type { Figure, Input, StrategyDocument } from '@throughline/strategy-contract';

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 2, useGrouping: false });

function describeBasis({ basis, method, source, by }: Figure): string {
  if (basis === 'benchmark' && source !== undefined) return `benchmark: ${source.name}, ${source.year}`;
  if (basis === 'computed' && method !== undefined) return `computed: ${method}`;
  if (basis === 'assumption') return by === 'user' ? 'assumption: yours' : 'assumption: Throughline’s';
  return basis;
}

/** A value with its unit, as in `12 pages`. */
export function describeValue({ value, unit }: Figure): string {
  const text = Array.isArray(value) ? `${number.format(value[0])} to ${number.format(value[1])}` : number.format(value);
  return `${text} ${unit}`;
}

/** A figure with what it rests on, as in `12 pages (observed)`. */
export function describeFigure(figure: Figure): string {
  return `${describeValue(figure)} (${describeBasis(figure)})`;
}

/** What a statement rests on, with sources by name. */
export function describeInput(input: Input, { provenance }: StrategyDocument): string {
  if ('field' in input) return `brief: ${input.field}`;
  const source = provenance.sources.find(({ id }) => id === input.sourceId);
  return `${source?.name ?? input.sourceId}: ${input.rows} rows, ${input.what}`;
}
