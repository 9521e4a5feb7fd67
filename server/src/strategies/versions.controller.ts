import { Controller, Get, Header, Param, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Page, StrategyVersion } from '@throughline/strategy-contract';
import type { Response } from 'express';
import { CurrentUser, type SignedIn } from '../accounts/index.js';
import { decodeNumberKey, encodeNumberKey, PageQuery } from '../platform/http/index.js';
import { exportStrategy } from './exports/export-strategy.js';
import { notFound } from './not-found.js';
import { StrategyLibrary } from './strategy-library.js';
import { ExportQuery } from './strategy-requests.js';
import { VersionStore } from './version.store.js';

const MAX_VERSION = 2 ** 31 - 1;

@ApiTags('strategies')
@Controller('strategies/:id/versions')
export class VersionsController {
  constructor(
    private readonly library: StrategyLibrary,
    private readonly versions: VersionStore,
  ) {}

  @Get()
  async list(
    @CurrentUser() user: SignedIn,
    @Param('id') id: string,
    @Query() { limit, cursor }: PageQuery,
  ): Promise<Page<StrategyVersion>> {
    await this.library.require(user.id, id);
    const before = cursor === undefined ? undefined : decodeNumberKey(cursor);
    const found = await this.versions.list(id, limit + 1, before);
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return found.length > limit && last !== undefined
      ? { items, nextCursor: encodeNumberKey(last.version) }
      : { items };
  }

  /** The document itself, byte for byte as it was made. */
  @Get(':version')
  @Header('Content-Type', 'application/json; charset=utf-8')
  async get(
    @CurrentUser() user: SignedIn,
    @Param('id') id: string,
    @Param('version') version: string,
  ): Promise<string> {
    await this.library.require(user.id, id);
    return this.read(id, version);
  }

  @Get(':version/export')
  async export(
    @CurrentUser() user: SignedIn,
    @Param('id') id: string,
    @Param('version') version: string,
    @Query() { format }: ExportQuery,
    @Res() response: Response,
  ): Promise<void> {
    const { name } = await this.library.require(user.id, id);
    const file = exportStrategy(name, await this.read(id, version), format);
    response
      .set('Content-Type', file.type)
      .set('Content-Disposition', `attachment; filename="${file.name}"`)
      .send(Buffer.from(file.body));
  }

  private async read(strategyId: string, text: string): Promise<string> {
    const version = /^[1-9][0-9]{0,9}$/.test(text) ? Number(text) : MAX_VERSION + 1;
    const document = version > MAX_VERSION ? undefined : await this.versions.read(strategyId, version);
    if (document === undefined) throw notFound('version');
    return document;
  }
}
