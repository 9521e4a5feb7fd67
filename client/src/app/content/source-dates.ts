import type { ContentSource } from '@throughline/strategy-contract';
import { formatDay } from '../ui/times';

/** From when to when a source's items are dated. */
export function datesOf({ from, to }: Pick<ContentSource, 'from' | 'to'>): string {
  if (from === undefined || to === undefined) return 'no dates';
  return from === to ? formatDay(from) : `${formatDay(from)} – ${formatDay(to)}`;
}
