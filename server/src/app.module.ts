import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { AccountsModule } from './accounts/index.js';
import { ContentModule } from './content/index.js';
import { OperationsModule } from './operations/index.js';
import { ClockModule } from './platform/clock/index.js';
import { AppConfig, ConfigModule } from './platform/config/index.js';
import { type DatabaseHandle, DatabaseModule } from './platform/database/index.js';
import { HealthModule } from './platform/health/index.js';
import { createValidationPipe, ProblemFilter, RequestLimitModule } from './platform/http/index.js';
import { LoggingModule } from './platform/logging/index.js';
import { MetricsModule } from './platform/metrics/index.js';
import { StreamingModule } from './platform/streaming/index.js';
import { WorkersModule } from './platform/workers/index.js';
import { SampleModule } from './sample/index.js';
import { StrategiesModule } from './strategies/index.js';

@Module({})
export class AppModule {
  static forRoot(config: AppConfig, database: DatabaseHandle): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot(config),
        LoggingModule.forRoot(config),
        ClockModule,
        DatabaseModule.forRoot(database),
        MetricsModule,
        WorkersModule,
        StreamingModule,
        AccountsModule,
        RequestLimitModule,
        ContentModule,
        StrategiesModule,
        SampleModule,
        OperationsModule,
        HealthModule,
      ],
      providers: [
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_PIPE, useFactory: createValidationPipe },
      ],
    };
  }
}
