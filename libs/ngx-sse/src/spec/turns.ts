/** More than any chain of promises of the library is long. */
const TURNS = 40;

/** Lets all promises that are settled call back, without a macrotask: stories of thousands of steps stay fast. */
export async function turns(): Promise<void> {
  for (let i = 0; i < TURNS; i += 1) await Promise.resolve();
}
