import { GENERATION_STEPS, type SectionKey, type Sections } from '@throughline/strategy-contract';
import { planAudience } from './audience/plan-audience.js';
import { planCompetition } from './competition/plan-competition.js';
import { SectionContext } from './context/section-context.js';
import { planInsights, planOpportunities } from './insights/plan-insights.js';
import type { PlannerInput, PlannerStepId, ReportProgress } from './planner-input.js';
import { planTopics } from './topics/plan-topics.js';

const PLANS: Partial<{ [K in SectionKey]: (context: SectionContext) => Sections[K] }> = {
  audience: planAudience,
  topics: planTopics,
  insights: planInsights,
  opportunities: planOpportunities,
  competition: planCompetition,
};

/**
 * Makes the sections of one step.
 *
 * @returns exactly the sections that `GENERATION_STEPS` names for the step.
 */
export function planStep(
  stepId: PlannerStepId,
  input: PlannerInput,
  report: ReportProgress = () => undefined,
): Partial<Sections> {
  const step = GENERATION_STEPS.find(({ id }) => id === stepId);
  if (step === undefined) throw new RangeError(`There is no step "${stepId}" in GENERATION_STEPS.`);
  return Object.fromEntries(
    step.sections.map((key) => [key, PLANS[key]?.(new SectionContext(input, report))]),
  ) as Partial<Sections>;
}
