import type { Figure, Unit } from '@throughline/strategy-contract';

/** Rounds to so many decimals, so that the same number has the same bytes wherever it is told. */
export function round(value: number, decimals = 3): number {
  const factor = 10 ** decimals;
  return Math.round((value + Number.EPSILON) * factor) / factor;
}

/** A number counted in a source. */
export function observed(value: number, unit: Unit): Figure {
  return { value, unit, basis: 'observed' };
}

/** A number worked out by a named method. */
export function computed(value: number, unit: Unit | (string & {}), method: string): Figure {
  return { value: round(value), unit, basis: 'computed', method };
}

/** A number counted in the brief or in what the planner made; only what stands in a source is observed. */
export function counted(value: number, unit: Unit, where: 'brief' | 'calendar' | 'topics' | 'findings'): Figure {
  return computed(value, unit, `counted in the ${where}`);
}

/** A number that the brief gave. */
export function stated(value: number, unit: Unit | (string & {})): Figure {
  return { value, unit, basis: 'assumption', by: 'user' };
}

/** A number that the planner takes for granted, as a threshold. */
export function assumed(value: number, unit: Unit): Figure {
  return { value, unit, basis: 'assumption', by: 'product' };
}

/** A number from a published study. */
export function benchmark(value: number, unit: Unit, name: string, year: number): Figure {
  return { value, unit, basis: 'benchmark', source: { name, year } };
}
