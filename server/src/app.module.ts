import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { ThrottlerModule } from '@nestjs/throttler';
import { AccountsModule } from './accounts/index.js';
import { ContentModule } from './content/index.js';
import { OperationsModule } from './operations/index.js';
import { ClockModule } from './platform/clock/index.js';
import { AppConfig, ConfigModule } from './platform/config/index.js';
import { DatabaseModule } from './platform/database/index.js';
import { HealthModule } from './platform/health/index.js';
import { createValidationPipe, ProblemFilter, RequestThrottlerGuard } from './platform/http/index.js';
import { createLoggerModule } from './platform/logging/index.js';
import { MetricsModule } from './platform/metrics/index.js';
import { StreamingModule } from './platform/streaming/index.js';
import { WorkersModule } from './platform/workers/index.js';
import { SampleModule } from './sample/index.js';
import { StrategiesModule } from './strategies/index.js';

const MINUTE_MS = 60_000;

@Module({})
export class AppModule {
  static forRoot(config: AppConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot(config),
        createLoggerModule(config),
        ClockModule,
        DatabaseModule,
        MetricsModule,
        WorkersModule,
        ThrottlerModule.forRoot([{ ttl: MINUTE_MS, limit: config.requestsPerMinute }]),
        StreamingModule,
        AccountsModule,
        ContentModule,
        StrategiesModule,
        SampleModule,
        OperationsModule,
        HealthModule,
      ],
      providers: [
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_PIPE, useFactory: createValidationPipe },
        // After the session guard of AccountsModule, so that the budget is the user's.
        { provide: APP_GUARD, useClass: RequestThrottlerGuard },
      ],
    };
  }
}
