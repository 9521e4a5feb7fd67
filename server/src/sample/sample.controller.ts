import { Controller, Inject, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { SampleContent } from '@throughline/content-planner';
import type { ContentItem, SourceKind } from '@throughline/strategy-contract';
import { CurrentUser, type SignedIn } from '../accounts/index.js';
import { ContentLibrary } from '../content/index.js';
import { CLOCK, type Clock } from '../platform/clock/index.js';
import { WorkerPool } from '../platform/workers/index.js';
import { StrategyLibrary } from '../strategies/index.js';
import type { SampleTaskInput } from './make-sample.task.js';

const SAMPLE_SEED = 1;
const TASK = new URL('./make-sample.task.js', import.meta.url);

/** Gives a new user something to watch: a made-up company's content and brief, as if they had imported it. */
@ApiTags('strategies')
@Controller('sample')
export class SampleController {
  constructor(
    private readonly content: ContentLibrary,
    private readonly strategies: StrategyLibrary,
    private readonly workers: WorkerPool,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Adds the sample's sources, unless they are there, and a strategy with its brief. */
  @Post()
  async add(@CurrentUser() user: SignedIn): Promise<{ strategyId: string }> {
    const input: SampleTaskInput = { seed: SAMPLE_SEED, lastDay: this.clock.now().toISOString().slice(0, 10) };
    const sample = await this.workers.run<SampleContent>(TASK, input);
    await this.addSource(user.id, sample.ownName, 'own', sample.own);
    await this.addSource(user.id, sample.competitorName, 'competitor', sample.competitor);
    const { id } = await this.strategies.create(user.id, `Sample: ${sample.ownName}`, sample.brief);
    return { strategyId: id };
  }

  private async addSource(ownerId: string, name: string, kind: SourceKind, items: ContentItem[]): Promise<void> {
    const present = await this.content.sourcesFor(ownerId);
    if (present.some((source) => source.kind === kind && source.name === name)) return;
    const bytes = Buffer.from(JSON.stringify(items));
    await this.content.importItems(ownerId, { name, kind, format: 'csv', items, bytes });
  }
}
