import { GENERATION_STEPS, type Brief, type ContentItem, type Sections } from '@throughline/strategy-contract';
import type { PlannerInput, PlannerStepId, ReportProgress } from '../planner-input.js';
import { planStep } from '../plan-step.js';
import { generateSampleContent } from '../sample/sample-content.js';

/** Own and competitor pages of a plan, with its brief. */
export interface PlanMaterial {
  brief: Brief;
  own: ContentItem[];
  competitor: ContentItem[];
}

/** The sample, cut to so many pages a side where a test has to be quick. */
export function sampleMaterial(pages = Number.POSITIVE_INFINITY): PlanMaterial {
  const { brief, own, competitor } = generateSampleContent(1);
  return { brief, own: own.slice(0, pages), competitor: competitor.slice(0, pages) };
}

/** Input of a planner's first step. */
export function plannerInput({ brief, own, competitor }: PlanMaterial): PlannerInput {
  return {
    brief,
    sources: [
      { id: 'own-1', name: 'Fieldnote', kind: 'own' as const, sha256: 'a'.repeat(64), items: own },
      { id: 'competitor-1', name: 'Plantline', kind: 'competitor' as const, sha256: 'b'.repeat(64), items: competitor },
    ].filter(({ items }) => items.length > 0),
    today: '2026-07-01',
    seed: 7,
    sections: {},
  };
}

/** Runs all steps as a run does: each sees what those before it made. */
export function planAll(input: PlannerInput, report?: ReportProgress): Sections {
  let sections: Partial<Sections> = {};
  for (const { id } of GENERATION_STEPS) {
    if (id === 'compile') continue;
    sections = { ...sections, ...planStep(id satisfies PlannerStepId, { ...input, sections }, report) };
  }
  return sections as Sections;
}
