import { Inject, Injectable } from '@nestjs/common';
import { RunConflict, Runs, type RunSnapshot } from '@throughline/nest-runs';
import type { Brief, ContentSource } from '@throughline/strategy-contract';
import { ContentLibrary } from '../content/index.js';
import { CLOCK, type Clock } from '../platform/clock/index.js';
import { ProblemException } from '../platform/http/index.js';
import { requireCompleteBrief } from './brief-check.js';
import type { GenerationInput } from './generation/generation-input.js';
import { STRATEGY_GENERATION } from './generation/strategy-generation.js';
import { StrategyLibrary } from './strategy-library.js';

/** Seeds the planner: the same brief and content give the same strategy on each run. */
const PLANNER_SEED = 1;

/** What a client may say when it starts a run. */
export interface StartOptions {
  sourceIds?: readonly string[];
  idempotencyKey?: string;
}

/** Starts generations: takes the snapshot of brief and sources that the run keeps. */
@Injectable()
export class RunStarter {
  constructor(
    private readonly library: StrategyLibrary,
    private readonly content: ContentLibrary,
    private readonly runs: Runs,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Throws problems: 404, 409 while one is active, 422 for an incomplete brief or foreign sources. */
  async start(owner: string, strategyId: string, { sourceIds, idempotencyKey }: StartOptions): Promise<RunSnapshot> {
    const strategy = await this.library.require(owner, strategyId);
    const key = { owner, subject: strategyId, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) };
    const replayed = await this.runs.replay(STRATEGY_GENERATION, key);
    if (replayed !== undefined) return replayed;
    const brief = requireCompleteBrief(strategy.brief);
    const sources = await this.chooseSources(owner, brief, sourceIds);
    const input: GenerationInput = {
      strategyId,
      brief,
      sources: sources.map(({ id, name, kind, sha256, itemCount }) => ({ id, name, kind, sha256, rows: itemCount })),
      today: this.clock.now().toISOString().slice(0, 10),
      seed: PLANNER_SEED,
    };
    try {
      return (await this.runs.start(STRATEGY_GENERATION, input, key)).run;
    } catch (error) {
      if (!(error instanceof RunConflict)) throw error;
      throw new ProblemException(
        409,
        error.code,
        'This strategy has a run under way: wait for its end, or cancel it.',
        {
          runId: error.runId,
        },
      );
    }
  }

  private async chooseSources(owner: string, brief: Brief, ids?: readonly string[]): Promise<ContentSource[]> {
    if (ids !== undefined) return this.content.sourcesFor(owner, { ids });
    const all = await this.content.sourcesFor(owner);
    return all.filter((source) => source.kind === 'own' || isLinked(brief, source));
  }
}

function isLinked({ competition }: Brief, { id, name }: ContentSource): boolean {
  const wanted = name.trim().toLowerCase();
  return competition.competitors.some(
    (competitor) => competitor.sourceId === id || competitor.name.trim().toLowerCase() === wanted,
  );
}
