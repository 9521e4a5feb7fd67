const pairs = (count: number): number => (count * (count - 1)) / 2;

function tally(keys: Iterable<string | number>): number[] {
  const counts = new Map<string | number, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts.values()];
}

/** Adjusted Rand index of two labellings of the same things: 1 where they agree, about 0 where by chance. */
export function adjustedRandIndex(first: ArrayLike<number>, second: ArrayLike<number>): number {
  const size = first.length;
  const sum = (counts: number[]) => counts.reduce((total, count) => total + pairs(count), 0);
  const together = sum(tally(Array.from({ length: size }, (_, at) => `${first[at]} ${second[at]}`)));
  const inFirst = sum(tally(Array.from(first)));
  const inSecond = sum(tally(Array.from(second)));
  const expected = size < 2 ? 0 : (inFirst * inSecond) / pairs(size);
  const most = (inFirst + inSecond) / 2;
  return most === expected ? 1 : (together - expected) / (most - expected);
}
