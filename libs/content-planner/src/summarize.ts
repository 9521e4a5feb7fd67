import type { StrategyDocument } from '@throughline/strategy-contract';

/** Says in a sentence or two what the document holds and what it lacks. */
export function summarize(document: StrategyDocument): string {
  return `${document.topics.findings.length} topics and ${document.calendar.findings.length} calendar items.`;
}
