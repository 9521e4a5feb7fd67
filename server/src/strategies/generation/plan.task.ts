import { type PlannerInput, type PlannerStepId, planStep } from '@throughline/content-planner';
import type { Sections } from '@throughline/strategy-contract';
import type { WorkerTask } from '../../platform/workers/index.js';

/** What the worker thread is given. */
export interface PlanTaskInput {
  stepId: PlannerStepId;
  input: PlannerInput;
}

/** Plans one step in a worker thread, so that streams go on while it computes. */
const plan: WorkerTask<PlanTaskInput, Partial<Sections>> = ({ stepId, input }, report) =>
  planStep(stepId, input, report);

export default plan;
