import { Injectable } from '@nestjs/common';
import { Runs } from '@throughline/nest-runs';
import type { BriefDraft, Page, Strategy } from '@throughline/strategy-contract';
import { decodeTimeKey, encodeTimeKey, type PageQuery } from '../platform/http/index.js';
import { checkBriefDraft } from './brief-check.js';
import { STRATEGY_GENERATION } from './generation/strategy-generation.js';
import { applyMergePatch } from './merge-patch.js';
import { notFound } from './not-found.js';
import { type StrategyRow, StrategyStore } from './strategy.store.js';
import { toStrategyView } from './strategy-view.js';

/** A user's strategies, with how their runs and versions stand. */
@Injectable()
export class StrategyLibrary {
  constructor(
    private readonly strategies: StrategyStore,
    private readonly runs: Runs,
  ) {}

  /** Throws a 400 problem where the brief is malformed; an incomplete one is fine. */
  async create(ownerId: string, name: string, brief: unknown): Promise<Strategy> {
    return toStrategyView(await this.strategies.create(ownerId, name, checkBriefDraft(brief)));
  }

  async list(ownerId: string, { limit, cursor }: PageQuery): Promise<Page<Strategy>> {
    const rows = await this.strategies.list(
      ownerId,
      limit + 1,
      cursor === undefined ? undefined : decodeTimeKey(cursor),
    );
    const items = await this.view(rows.slice(0, limit));
    const last = rows[limit - 1];
    return rows.length > limit && last !== undefined
      ? { items, nextCursor: encodeTimeKey({ time: last.updated_at, id: last.id }) }
      : { items };
  }

  /** Throws a 404 problem. */
  async require(ownerId: string, id: string): Promise<StrategyRow> {
    const row = await this.strategies.find(ownerId, id);
    if (row === undefined) throw notFound('strategy');
    return row;
  }

  /** Throws a 404 problem. */
  async get(ownerId: string, id: string): Promise<Strategy> {
    return (await this.view([await this.require(ownerId, id)]))[0]!;
  }

  /** Applies a JSON Merge Patch. Throws a 400 or 404 problem. */
  async patch(
    ownerId: string,
    id: string,
    patch: { name?: string; brief?: Record<string, unknown> },
  ): Promise<Strategy> {
    const row = await this.strategies.change(ownerId, id, (before) => ({
      name: patch.name ?? before.name,
      brief: patch.brief === undefined ? before.brief : this.patchBrief(before.brief, patch.brief),
    }));
    if (row === undefined) throw notFound('strategy');
    return (await this.view([row]))[0]!;
  }

  /** Cancels what is under way and removes the strategy with its runs and versions. Throws a 404 problem. */
  async remove(ownerId: string, id: string): Promise<void> {
    if (!(await this.strategies.remove(ownerId, id))) throw notFound('strategy');
    await this.runs.deleteBySubject(id, { kind: STRATEGY_GENERATION });
  }

  private patchBrief(before: BriefDraft, patch: Record<string, unknown>): BriefDraft {
    return checkBriefDraft(applyMergePatch(before, patch));
  }

  private async view(rows: readonly StrategyRow[]): Promise<Strategy[]> {
    const ids = rows.map(({ id }) => id);
    const runs = await this.runs.latestBySubject(ids, STRATEGY_GENERATION);
    const versions = await this.strategies.latestVersions(ids);
    return rows.map((row) => toStrategyView(row, runs.get(row.id), versions.get(row.id)));
  }
}
