import { type Figure, type Input, SINGULAR_UNITS, type StrategyDocument } from '@throughline/strategy-contract';

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 2, useGrouping: false });

function describeBasis({ basis, method, source, by }: Figure): string {
  if (basis === 'benchmark' && source !== undefined) return `benchmark: ${source.name}, ${source.year}`;
  if (basis === 'computed' && method !== undefined) return `computed: ${method}`;
  if (basis === 'assumption') return by === 'user' ? 'assumption: yours' : 'assumption: Throughline’s';
  return basis;
}

/** Units that need no word: a reader knows from the figure's name what it counts. */
const WORDLESS = new Set(['other', 'index', 'revenue', 'money']);

/** A value with its unit, as in `12 pages`, `4.5 %` or `1200 EUR`. */
function describeValue({ value, unit }: Figure): string {
  const isFraction = unit === 'share' || unit === 'rate';
  const bounds = (Array.isArray(value) ? value : [value]).map((bound) =>
    number.format(isFraction ? bound * 100 : bound),
  );
  const counted = value === 1 ? (SINGULAR_UNITS[unit] ?? unit) : unit;
  const word = isFraction || unit === 'percent' ? '%' : counted;
  return WORDLESS.has(unit) ? bounds.join(' to ') : `${bounds.join(' to ')} ${word}`;
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
