import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Page, Strategy } from '@throughline/strategy-contract';
import { CurrentUser, type SignedIn } from '../accounts/index.js';
import { PageQuery, ProblemException } from '../platform/http/index.js';
import { StrategyLibrary } from './strategy-library.js';
import { CreateStrategyRequest, PatchStrategyRequest } from './strategy-requests.js';

@ApiTags('strategies')
@Controller('strategies')
export class StrategiesController {
  constructor(private readonly library: StrategyLibrary) {}

  @Post()
  create(@CurrentUser() user: SignedIn, @Body() { name, brief }: CreateStrategyRequest): Promise<Strategy> {
    return this.library.create(user.id, name, brief ?? {});
  }

  @Get()
  list(@CurrentUser() user: SignedIn, @Query() query: PageQuery): Promise<Page<Strategy>> {
    return this.library.list(user.id, query);
  }

  @Get(':id')
  get(@CurrentUser() user: SignedIn, @Param('id') id: string): Promise<Strategy> {
    return this.library.get(user.id, id);
  }

  @Patch(':id')
  patch(
    @CurrentUser() user: SignedIn,
    @Param('id') id: string,
    @Body() patch: PatchStrategyRequest,
  ): Promise<Strategy> {
    // A merge patch removes with null, and these two can't be removed.
    if (patch.name === null || patch.brief === null) {
      throw new ProblemException(400, 'validation_failed', 'name and brief can be replaced, not removed.');
    }
    return this.library.patch(user.id, id, patch);
  }

  @Delete(':id')
  @HttpCode(204)
  remove(@CurrentUser() user: SignedIn, @Param('id') id: string): Promise<void> {
    return this.library.remove(user.id, id);
  }
}
