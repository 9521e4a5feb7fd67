import type { ContentItem } from '@throughline/strategy-contract';

function overlapOf(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let both = 0;
  for (const tag of a) if (b.has(tag)) both += 1;
  return both / (a.size + b.size - both);
}

/**
 * How much more two pages of one group agree in their tags than any two pages do: the ratio of mean Jaccard overlaps.
 * Tags are not part of the text that is clustered, so this checks the groups from outside.
 *
 * @returns `undefined` where there are too few tags to tell.
 */
export function tagLift(items: readonly ContentItem[], groups: readonly (readonly number[])[]): number | undefined {
  const groupOf = new Map(groups.flatMap((members, group) => members.map((at) => [at, group] as const)));
  const tagged = items.flatMap((item, at) => {
    const group = groupOf.get(at);
    return item.tags.length === 0 || group === undefined ? [] : [{ tags: new Set(item.tags), group }];
  });
  if (tagged.length < 30) return undefined;
  const [all, same] = [
    { sum: 0, pairs: 0 },
    { sum: 0, pairs: 0 },
  ];
  tagged.forEach((one, at) => {
    for (const other of tagged.slice(at + 1)) {
      const overlap = overlapOf(one.tags, other.tags);
      all.sum += overlap;
      all.pairs += 1;
      if (one.group !== other.group) continue;
      same.sum += overlap;
      same.pairs += 1;
    }
  });
  if (all.sum === 0 || same.pairs === 0) return undefined;
  return same.sum / same.pairs / (all.sum / all.pairs);
}
