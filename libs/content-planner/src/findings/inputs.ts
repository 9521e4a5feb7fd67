import { BRIEF_FIELDS, type Input } from '@throughline/strategy-contract';
import type { BriefPath } from '../context/brief-reader.js';
import type { Page } from '../context/pages.js';

/** Fields of the brief, as inputs. */
export function fields(...paths: BriefPath[]): Input[] {
  return paths.map((field) => ({ field }));
}

/** Pages as inputs: how many of each source, and of which kind. */
export function pageRows(pages: readonly Page[], what: string): Input[] {
  const rows = new Map<string, number>();
  for (const { sourceId } of pages) rows.set(sourceId, (rows.get(sourceId) ?? 0) + 1);
  return [...rows].map(([sourceId, total]) => ({ sourceId, rows: total, what }));
}

const ORDER = new Map<string, number>(BRIEF_FIELDS.map(({ path }, index) => [path, index]));

const rank = (input: Input): number => ('field' in input ? (ORDER.get(input.field) ?? ORDER.size) : ORDER.size + 1);
const key = (input: Input): string => ('field' in input ? input.field : `${input.sourceId} ${input.what}`);

/** Inputs of several lists, each once: fields in the order of the form, then rows in the order given. */
export function mergeInputs(...lists: readonly (readonly Input[])[]): Input[] {
  const merged = new Map<string, Input>();
  for (const input of lists.flat()) if (!merged.has(key(input))) merged.set(key(input), input);
  return [...merged.values()]
    .map((input, index) => ({ input, index }))
    .sort((a, b) => rank(a.input) - rank(b.input) || a.index - b.index)
    .map(({ input }) => input);
}
