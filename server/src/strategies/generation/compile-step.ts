import { compileDocument, summarize } from '@throughline/content-planner';
import type { StepDefinition } from '@throughline/nest-runs';
import { GENERATION_STEPS } from '@throughline/strategy-contract';
import { educationalCards } from '../../learning/index.js';
import { type GenerationInput, toDocumentInput } from './generation-input.js';

/** What the last step leaves for the document: the rest of it are the sections of the steps before. */
export interface CompiledParts {
  summary: string;
}

/** The last step: puts the document together and sums it up. Its number is given when the run ends. */
export function createCompileStep(): StepDefinition<GenerationInput> {
  const { id, title, sections, after } = GENERATION_STEPS.find((step) => step.id === 'compile')!;
  return {
    id,
    title,
    sections,
    after,
    card: educationalCards.compile,
    run({ input, outputs, createdAt }): { output: CompiledParts } {
      const identity = { strategyId: input.strategyId, version: 1, createdAt: createdAt.toISOString() };
      return { output: { summary: summarize(compileDocument(toDocumentInput(input, outputs), identity)) } };
    },
  };
}
