import { Inject, Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { type Kysely, sql } from 'kysely';
import { DATABASE } from '../database/index.js';

/** Whether the database answers. */
@Injectable()
export class DatabaseHealth {
  constructor(
    @Inject(DATABASE) private readonly db: Kysely<object>,
    private readonly indicators: HealthIndicatorService,
  ) {}

  async check(): Promise<HealthIndicatorResult> {
    const indicator = this.indicators.check('database');
    try {
      await sql`SELECT 1`.execute(this.db);
      return indicator.up();
    } catch {
      // Why it is down is in the log of whatever used it; a health answer is public and says no more.
      return indicator.down('The database does not answer.');
    }
  }
}
