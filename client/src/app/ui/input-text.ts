import type { Input } from '@throughline/strategy-contract';
import { FIELD_LABELS } from './field-labels';

/** What a statement rests on, in words. */
export function inputText(input: Input, nameOf: (sourceId: string) => string): string {
  if ('field' in input) return `Brief: ${FIELD_LABELS[input.field] ?? input.field}`;
  const rows = `${input.rows.toLocaleString('en')} ${input.rows === 1 ? 'row' : 'rows'}`;
  return `${nameOf(input.sourceId)}: ${rows}, ${input.what}`;
}
