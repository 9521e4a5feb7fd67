/** A source of numbers in [0, 1). */
export type Random = () => number;

/** Numbers by mulberry32: the same seed gives the same numbers on every machine. */
export function seededRandom(seed: number): Random {
  let state = (Math.trunc(seed) ^ 0x9e3779b9) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** A normally distributed number (mean 0, deviation 1), by Box and Muller. */
export function normal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return radius * Math.cos(2 * Math.PI * random());
}

/** `count` different positions out of `0…size-1`, in rising order. */
export function sampleIndices(size: number, count: number, random: Random): number[] {
  const indices = Array.from({ length: size }, (_, index) => index);
  for (let at = 0; at < Math.min(count, size); at += 1) {
    const other = at + Math.floor(random() * (size - at));
    const kept = indices[at] as number;
    indices[at] = indices[other] as number;
    indices[other] = kept;
  }
  return indices.slice(0, count).sort((a, b) => a - b);
}
