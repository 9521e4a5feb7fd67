import type { PlannerReport, PlannerStepId } from '@throughline/content-planner';
import type { StepContext, StepDefinition, StepResult } from '@throughline/nest-runs';
import { GENERATION_STEPS, type Section, type Sections } from '@throughline/strategy-contract';
import { educationalCards } from '../../learning/index.js';
import type { WorkerPool } from '../../platform/workers/index.js';
import type { GenerationInput } from './generation-input.js';
import type { SourceReader } from './source-reader.js';

const planTask = new URL('./plan.task.js', import.meta.url);

/** Says how the step ended, from the states of the sections that it made. */
function toResult(sections: Partial<Sections>): StepResult {
  const made: Section[] = Object.values(sections);
  const incomplete = made.filter(({ state }) => state !== 'ready');
  const reason = incomplete.map(({ unavailableReason }) => unavailableReason ?? 'A part of it is missing.').join(' ');
  if (incomplete.length === 0) return { output: sections };
  const isNothingThere = made.every(({ state }) => state === 'unavailable');
  return isNothingThere ? { output: sections, skipped: reason } : { output: sections, partial: reason };
}

/** A step that the planner works out in a worker thread; its sections are sent as soon as they are there. */
export function createPlannerStep(
  stepId: PlannerStepId,
  reader: SourceReader,
  workers: WorkerPool,
): StepDefinition<GenerationInput> {
  const { title, sections, after } = GENERATION_STEPS.find(({ id }) => id === stepId)!;

  async function run(context: StepContext<GenerationInput>): Promise<StepResult> {
    const input = await reader.read(context.input, context.outputs);
    const made = await workers.run<Partial<Sections>>(
      planTask,
      { stepId, input },
      {
        signal: context.signal,
        onReport: (report) => {
          const { done, total, message } = report as PlannerReport;
          context.progress(done, total, message);
        },
      },
    );
    for (const section of sections) {
      const content = made[section];
      if (content !== undefined) await context.emit({ event: 'section', data: { section, content } });
    }
    return toResult(made);
  }

  return { id: stepId, title, sections, after, card: educationalCards[stepId], run };
}
