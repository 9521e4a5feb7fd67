/** What was promised, beside what was measured. */

/** @returns {{ name: string, value: number, bar: number, kind: '≥' | '≤', isReached: boolean }} */
export const atLeast = (name, value, bar) => ({ name, value, bar, kind: '≥', isReached: value >= bar });

/** As {@link atLeast}, for what is better the less it is. */
export const atMost = (name, value, bar) => ({ name, value, bar, kind: '≤', isReached: value <= bar });
