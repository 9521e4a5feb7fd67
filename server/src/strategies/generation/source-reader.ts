import { Injectable } from '@nestjs/common';
import type { PlannerInput, PlannerSource } from '@throughline/content-planner';
import { StepError } from '@throughline/nest-runs';
import { ContentLibrary } from '../../content/index.js';
import { collectSections, type GenerationInput } from './generation-input.js';

/** Puts together what the planner reads: the run's snapshot, the pages of its sources, the sections so far. */
@Injectable()
export class SourceReader {
  constructor(private readonly library: ContentLibrary) {}

  async read(input: GenerationInput, outputs: Readonly<Record<string, unknown>>): Promise<PlannerInput> {
    const sources: PlannerSource[] = [];
    for (const { rows, ...source } of input.sources) {
      const items = await this.library.itemsOf(source.id);
      if (items.length < rows) {
        throw new StepError(
          'source_removed',
          `The source “${source.name}” was removed while the run was under way. Start a new run.`,
          false,
        );
      }
      sources.push({ ...source, items });
    }
    return { brief: input.brief, sources, today: input.today, seed: input.seed, sections: collectSections(outputs) };
  }
}
