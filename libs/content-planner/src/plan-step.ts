import { GENERATION_STEPS, type Section, type Sections } from '@throughline/strategy-contract';
import type { PlannerInput, PlannerStepId, ReportProgress } from './planner-input.js';

/**
 * Makes the sections of one step.
 *
 * @returns exactly the sections that `GENERATION_STEPS` names for the step.
 */
export function planStep(stepId: PlannerStepId, input: PlannerInput, report?: ReportProgress): Partial<Sections> {
  const step = GENERATION_STEPS.find(({ id }) => id === stepId);
  report?.({ done: 1, total: 1, message: `${input.sources.length} sources` });
  const unavailable: Section<never> = {
    state: 'unavailable',
    inputsUsed: [],
    unavailableReason: 'This part is not planned yet.',
    supply: [],
    findings: [],
  };
  return Object.fromEntries((step?.sections ?? []).map((key) => [key, unavailable])) as Partial<Sections>;
}
