import { Injectable } from '@nestjs/common';
import { compileDocument } from '@throughline/content-planner';
import { type CompletionContext, RunHandler, type RunDefinition, type StepDefinition } from '@throughline/nest-runs';
import { GENERATION_STEPS } from '@throughline/strategy-contract';
import { WorkerPool } from '../../platform/workers/index.js';
import { VersionStore } from '../version.store.js';
import { type CompiledParts, createCompileStep } from './compile-step.js';
import { type GenerationInput, toDocumentInput } from './generation-input.js';
import { createPlannerStep } from './planner-step.js';
import { SourceReader } from './source-reader.js';

/** Kind of the runs that make a strategy. */
export const STRATEGY_GENERATION = 'strategy-generation';

/** Turns a brief and content into a version of a strategy, step by step. */
@Injectable()
@RunHandler(STRATEGY_GENERATION)
export class StrategyGeneration implements RunDefinition<GenerationInput> {
  readonly steps: readonly StepDefinition<GenerationInput>[];

  constructor(
    reader: SourceReader,
    workers: WorkerPool,
    private readonly versions: VersionStore,
  ) {
    this.steps = GENERATION_STEPS.map(({ id }) =>
      id === 'compile' ? createCompileStep() : createPlannerStep(id, reader, workers),
    );
  }

  /** Stores the version in the transaction that ends the run: there is a version exactly if the run ended well. */
  async complete({ transaction, run, outputs }: CompletionContext<GenerationInput>): Promise<Record<string, unknown>> {
    const { strategyId } = run.input;
    const { summary } = outputs['compile'] as CompiledParts;
    const createdAt = run.finishedAt.toISOString();
    const version = await this.versions.add(transaction, {
      strategyId,
      runId: run.id,
      status: run.status,
      createdAt: run.finishedAt,
      toDocument: (number) =>
        compileDocument(toDocumentInput(run.input, outputs), { strategyId, version: number, createdAt }),
    });
    return { strategyId, summary, ...(version === undefined ? {} : { version }) };
  }
}
