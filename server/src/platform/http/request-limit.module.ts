import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ThrottlerModule } from '@nestjs/throttler';
import { AppConfig } from '../config/index.js';
import { RequestThrottlerGuard } from './request-throttler.guard.js';
import { SocketClosing } from './socket-closing.js';
import { StrictInputGuard } from './strict-input.guard.js';

const MINUTE_MS = 60_000;

/**
 * Limits requests in number and in kind. Import it after the module whose guard says who is signed in: global guards run in the order of their
 * modules, and the budget is the user's.
 */
@Module({
  imports: [
    ThrottlerModule.forRootAsync({
      inject: [AppConfig],
      useFactory: ({ requestsPerMinute }: AppConfig) => [{ ttl: MINUTE_MS, limit: requestsPerMinute }],
    }),
  ],
  providers: [
    SocketClosing,
    { provide: APP_GUARD, useClass: RequestThrottlerGuard },
    { provide: APP_GUARD, useClass: StrictInputGuard },
  ],
})
export class RequestLimitModule {}
