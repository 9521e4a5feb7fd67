import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/index.js';
import { ContentModule } from '../content/index.js';
import { SourceReader } from './generation/source-reader.js';
import { StrategyGeneration } from './generation/strategy-generation.js';
import { FeedEventSource } from './feed-event-source.js';
import { OwnerRemoval } from './owner-removal.js';
import { RunEventSource } from './run-event-source.js';
import { RunStarter } from './run-starter.js';
import { RunsController } from './runs.controller.js';
import { StrategiesController } from './strategies.controller.js';
import { StrategyLibrary } from './strategy-library.js';
import { StrategyStore } from './strategy.store.js';
import { StreamsController } from './streams.controller.js';
import { VersionStore } from './version.store.js';
import { VersionsController } from './versions.controller.js';

@Module({
  imports: [AccountsModule, ContentModule],
  controllers: [StrategiesController, VersionsController, RunsController, StreamsController],
  providers: [
    StrategyStore,
    VersionStore,
    StrategyLibrary,
    RunStarter,
    SourceReader,
    StrategyGeneration,
    RunEventSource,
    FeedEventSource,
    OwnerRemoval,
  ],
  exports: [StrategyLibrary],
})
export class StrategiesModule {}
