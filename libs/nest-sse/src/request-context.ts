import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * Does work that many connections share in no request's async context, whoever's request asked for it first: taken when
 * the library is loaded. Else a trace of the first client would hold what is done for all that come after it.
 */
export const outsideRequests: <R>(work: () => R) => R = AsyncLocalStorage.snapshot();
