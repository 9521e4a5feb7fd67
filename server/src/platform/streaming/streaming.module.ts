import { Global, Module } from '@nestjs/common';
import { RunsModule } from '@throughline/nest-runs';
import { SseModule } from '@throughline/nest-sse';
import { AppConfig } from '../config/index.js';
import { DATABASE_HANDLE } from '../database/index.js';
import { PrometheusSseMetrics } from '../metrics/index.js';
import { createRunsOptions } from './runs-options.js';
import { createSseOptions } from './sse-options.js';

/** Streams and durable runs for every feature. */
@Global()
@Module({
  imports: [
    SseModule.forRootAsync({ inject: [AppConfig, PrometheusSseMetrics], useFactory: createSseOptions }),
    RunsModule.forRootAsync({ inject: [AppConfig, DATABASE_HANDLE], useFactory: createRunsOptions }),
  ],
  exports: [SseModule, RunsModule],
})
export class StreamingModule {}
