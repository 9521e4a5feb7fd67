import type { PGlite } from '@electric-sql/pglite';

/** Milliseconds of one turn that statements may take before the event loop gets a turn of its own. */
const SLICE_MS = 8;

/**
 * PGlite answers on this thread, so a chain of awaited statements runs on microtasks and holds up everything else until
 * it is through. This lets streams and requests in between two statements once a slice is used up.
 */
export function yieldBetweenStatements(pglite: PGlite): void {
  const execute = pglite.execProtocolStream.bind(pglite);
  let sliceBegan = 0;
  let isInSlice = false;
  pglite.execProtocolStream = async (...args) => {
    if (!isInSlice) {
      isInSlice = true;
      sliceBegan = performance.now();
      setImmediate(() => (isInSlice = false));
    }
    if (performance.now() - sliceBegan > SLICE_MS) {
      await new Promise((resolve) => setImmediate(resolve));
      sliceBegan = performance.now();
    }
    return execute(...args);
  };
}
