import {
  SECTION_KEYS,
  type DocumentGap,
  type Section,
  type Sections,
  type StrategyDocument,
} from '@throughline/strategy-contract';
import type { DocumentIdentity, PlannerInput } from './planner-input.js';
import { PLANNER_VERSION } from './version.js';

const MISSING: Section<never> = {
  state: 'unavailable',
  inputsUsed: [],
  unavailableReason: 'The step that makes this part did not finish.',
  supply: [{ what: 'nothing, but retry the step that failed', adds: 'this part of the strategy' }],
  findings: [],
};

function listGaps(sections: Sections): DocumentGap[] {
  return SECTION_KEYS.flatMap((section) => {
    const { state, unavailableReason, supply = [] } = sections[section];
    if (state === 'ready') return [];
    const reason = unavailableReason ?? 'A part of what this section says is missing.';
    return supply.map(({ what }): DocumentGap => ({ section, reason, supply: what }));
  });
}

/** Puts the finished sections together; a section whose step did not finish stands as unavailable. */
export function compileDocument(input: PlannerInput, about: DocumentIdentity): StrategyDocument {
  const sections = Object.fromEntries(
    SECTION_KEYS.map((key) => [key, input.sections[key] ?? MISSING]),
  ) as unknown as Sections;
  return {
    schemaVersion: 1,
    strategyId: about.strategyId,
    version: about.version,
    createdAt: about.createdAt,
    brief: input.brief,
    ...sections,
    gaps: listGaps(sections),
    provenance: {
      plannerVersion: PLANNER_VERSION,
      seed: input.seed,
      writer: 'built-in',
      sources: input.sources.map(({ id, name, kind, items, sha256 }) => ({
        id,
        name,
        kind,
        rows: items.length,
        sha256,
      })),
    },
  };
}
