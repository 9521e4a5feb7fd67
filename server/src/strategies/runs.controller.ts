import { Body, Controller, Get, Headers, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RunConflict, Runs, type RunSnapshot as StoredRun } from '@throughline/nest-runs';
import type { RunSnapshot } from '@throughline/strategy-contract';
import type { Response } from 'express';
import { CurrentUser, type SignedIn } from '../accounts/index.js';
import { ProblemException } from '../platform/http/index.js';
import { notFound } from './not-found.js';
import { RunStarter } from './run-starter.js';
import { StartRunRequest } from './strategy-requests.js';
import { toRunView } from './strategy-view.js';

const IDEMPOTENCY_KEY = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;

@ApiTags('runs')
@Controller()
export class RunsController {
  constructor(
    private readonly starter: RunStarter,
    private readonly runs: Runs,
  ) {}

  @Post('strategies/:id/runs')
  @HttpCode(202)
  async start(
    @CurrentUser() user: SignedIn,
    @Param('id') strategyId: string,
    @Body() body: StartRunRequest,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<RunSnapshot> {
    if (idempotencyKey !== undefined && !IDEMPOTENCY_KEY.test(idempotencyKey)) {
      throw new ProblemException(
        400,
        'invalid_idempotency_key',
        'An Idempotency-Key has 1 to 255 printable ASCII characters.',
      );
    }
    const run = await this.starter.start(user.id, strategyId, {
      ...(body?.sourceIds === undefined ? {} : { sourceIds: body.sourceIds }),
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    });
    response.location(`/api/v1/runs/${run.id}`);
    return toRunView(run);
  }

  @Get('runs/:id')
  async get(@CurrentUser() user: SignedIn, @Param('id') id: string): Promise<RunSnapshot> {
    return toRunView(await this.require(user, id));
  }

  @Post('runs/:id/cancel')
  @HttpCode(202)
  async cancel(@CurrentUser() user: SignedIn, @Param('id') id: string): Promise<RunSnapshot> {
    await this.require(user, id);
    return toRunView(await this.runs.cancel(id));
  }

  @Post('runs/:id/retry')
  @HttpCode(202)
  async retry(@CurrentUser() user: SignedIn, @Param('id') id: string): Promise<RunSnapshot> {
    await this.require(user, id);
    try {
      return toRunView(await this.runs.retry(id));
    } catch (error) {
      if (!(error instanceof RunConflict)) throw error;
      throw new ProblemException(409, error.code, error.message, { runId: error.runId });
    }
  }

  private async require(user: SignedIn, id: string): Promise<StoredRun> {
    const run = await this.runs.snapshot(id);
    if (run === undefined || run.owner !== user.id) throw notFound('run');
    return run;
  }
}
