import type { BriefDraft, BriefGroup, FieldPath } from '@throughline/strategy-contract';

/** The brief with one field set, or taken out by `undefined`. */
export function writeField(brief: BriefDraft, path: FieldPath, value: unknown): BriefDraft {
  const [group, key] = path.split('.') as [BriefGroup, string];
  const { [key]: _old, ...others } = (brief[group] ?? {}) as Record<string, unknown>;
  return { ...brief, [group]: value === undefined ? others : { ...others, [key]: value } } as BriefDraft;
}
