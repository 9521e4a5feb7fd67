import type { Finding, Section } from '@throughline/strategy-contract';
import type { SectionContext } from '../context/section-context.js';

/** Something to supply, and what it would add: both to be read after "Supply" and "Adds", without a full stop. */
export interface Supply {
  what: string;
  adds: string;
}

/** What stands under `what` where there is no own content. */
export const OWN_CONTENT = 'your own content, as an inventory CSV, a feed or a sitemap';

/** A section that says all that it can. */
export function ready<F extends Finding>(context: SectionContext, findings: F[]): Section<F> {
  return { state: 'ready', inputsUsed: context.inputsUsed(), findings };
}

/** A section that says something, and what it lacks. */
export function partial<F extends Finding>(
  context: SectionContext,
  findings: F[],
  unavailableReason: string,
  supply: Supply[],
): Section<F> {
  return { state: 'partial', inputsUsed: context.inputsUsed(), unavailableReason, supply, findings };
}

/** A section that can say nothing, and what it lacks. */
export function unavailable(context: SectionContext, unavailableReason: string, supply: Supply[]): Section<never> {
  return { state: 'unavailable', inputsUsed: context.inputsUsed(), unavailableReason, supply, findings: [] };
}
