import { type BeforeApplicationShutdown, Controller, Get } from '@nestjs/common';
import { HealthCheck, HealthCheckService, type HealthCheckResult } from '@nestjs/terminus';
import { ApiExcludeController } from '@nestjs/swagger';
import { SkipThrottle } from '@nestjs/throttler';
import { ProblemException, Public } from '../http/index.js';
import { DatabaseHealth } from './database-health.js';

@ApiExcludeController()
@Public()
@SkipThrottle()
@Controller('health')
export class HealthController implements BeforeApplicationShutdown {
  private isDraining = false;

  constructor(
    private readonly health: HealthCheckService,
    private readonly database: DatabaseHealth,
  ) {}

  beforeApplicationShutdown(): void {
    this.isDraining = true;
  }

  /** The process runs: restart it if this fails. */
  @Get('live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** The process can take requests: send it none if this fails. */
  @Get('ready')
  @HealthCheck()
  ready(): Promise<HealthCheckResult> {
    if (this.isDraining) throw new ProblemException(503, 'draining', 'This node is shutting down.');
    return this.health.check([() => this.database.check()]);
  }
}
