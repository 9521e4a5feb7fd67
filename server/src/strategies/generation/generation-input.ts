import type { PlannerInput, PlannerSource } from '@throughline/content-planner';
import { type Brief, SECTION_KEYS, type Sections } from '@throughline/strategy-contract';

/** A source as it was when the run was started. */
export interface SourceSnapshot extends Omit<PlannerSource, 'items'> {
  /** How many pages it holds. */
  rows: number;
}

/** What a run works from: a snapshot, whatever happens to the strategy meanwhile. */
export interface GenerationInput {
  strategyId: string;
  brief: Brief;
  /** The sources that were chosen; their pages are immutable, and read when a step needs them. */
  sources: SourceSnapshot[];
  /** YYYY-MM-DD: the day of the run, from which is planned when the brief has no start date. */
  today: string;
  seed: number;
}

/** The sections that finished steps made, from their outputs. */
export function collectSections(outputs: Readonly<Record<string, unknown>>): Partial<Sections> {
  const made = Object.assign({}, ...Object.values(outputs)) as Partial<Sections>;
  return Object.fromEntries(SECTION_KEYS.flatMap((key) => (made[key] === undefined ? [] : [[key, made[key]]])));
}

/** What the document is put together from. Only the numbers of pages count there, so the pages need not be read again. */
export function toDocumentInput(
  { brief, sources, today, seed }: GenerationInput,
  outputs: Readonly<Record<string, unknown>>,
): PlannerInput {
  const counted = sources.map(({ rows, ...source }) => ({ ...source, items: new Array(rows) }));
  return { brief, sources: counted, today, seed, sections: collectSections(outputs) };
}
