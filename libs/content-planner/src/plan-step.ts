import { GENERATION_STEPS, type SectionKey, type Sections } from '@throughline/strategy-contract';
import { planAudience } from './audience/plan-audience.js';
import { planCalendar } from './calendar/plan-calendar.js';
import { planCompetition } from './competition/plan-competition.js';
import { SectionContext } from './context/section-context.js';
import { planInsights, planOpportunities } from './insights/plan-insights.js';
import { planBudget } from './performance/plan-budget.js';
import { planPerformance } from './performance/plan-performance.js';
import type { PlannerInput, PlannerStepId, ReportProgress } from './planner-input.js';
import { planRisks } from './risks/plan-risks.js';
import { planRoadmap } from './roadmap/plan-roadmap.js';
import { planTopics } from './topics/plan-topics.js';

const PLANS: { [K in SectionKey]: (context: SectionContext) => Sections[K] } = {
  audience: planAudience,
  topics: planTopics,
  insights: planInsights,
  opportunities: planOpportunities,
  competition: planCompetition,
  calendar: planCalendar,
  performance: planPerformance,
  budget: planBudget,
  roadmap: planRoadmap,
  risks: planRisks,
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
    step.sections.map((key) => [key, PLANS[key](new SectionContext(input, report))]),
  ) as Partial<Sections>;
}
