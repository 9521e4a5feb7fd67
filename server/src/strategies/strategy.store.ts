import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { BriefDraft, StrategyVersion } from '@throughline/strategy-contract';
import type { JSONColumnType, Kysely, Selectable } from 'kysely';
import { CLOCK, type Clock } from '../platform/clock/index.js';
import { DATABASE } from '../platform/database/index.js';
import type { TimeKey } from '../platform/http/index.js';

interface StrategyTable {
  id: string;
  owner_id: string;
  name: string;
  brief: JSONColumnType<BriefDraft>;
  created_at: Date;
  updated_at: Date;
}

interface StrategyVersionTable {
  strategy_id: string;
  version: number;
  run_id: string;
  status: StrategyVersion['status'];
  created_at: Date;
  document: string;
}

export interface StrategyTables {
  strategy: StrategyTable;
  strategy_version: StrategyVersionTable;
}

/** A strategy as it is stored. */
export type StrategyRow = Selectable<StrategyTable>;

/** Strategies, by owner: another user's is as good as missing. */
@Injectable()
export class StrategyStore {
  constructor(
    @Inject(DATABASE) private readonly db: Kysely<StrategyTables>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async create(ownerId: string, name: string, brief: BriefDraft): Promise<StrategyRow> {
    const now = this.clock.now();
    return this.db
      .insertInto('strategy')
      .values({
        id: randomUUID(),
        owner_id: ownerId,
        name,
        brief: JSON.stringify(brief),
        created_at: now,
        updated_at: now,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
  }

  async find(ownerId: string, id: string): Promise<StrategyRow | undefined> {
    return this.db
      .selectFrom('strategy')
      .selectAll()
      .where('id', '=', id)
      .where('owner_id', '=', ownerId)
      .executeTakeFirst();
  }

  /** Newest change first; `after` is the key of the last entry of the page before. */
  async list(ownerId: string, limit: number, after?: TimeKey): Promise<StrategyRow[]> {
    let query = this.db.selectFrom('strategy').selectAll().where('owner_id', '=', ownerId);
    if (after !== undefined) {
      query = query.where(({ eb, refTuple, tuple }) =>
        eb(refTuple('updated_at', 'id'), '<', tuple(after.time, after.id)),
      );
    }
    return query.orderBy('updated_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
  }

  /** Changes a strategy under a row lock, so that two patches of different fields both stay. */
  async change(
    ownerId: string,
    id: string,
    change: (before: StrategyRow) => { name: string; brief: BriefDraft },
  ): Promise<StrategyRow | undefined> {
    return this.db.transaction().execute(async (transaction) => {
      const before = await transaction
        .selectFrom('strategy')
        .selectAll()
        .where('id', '=', id)
        .where('owner_id', '=', ownerId)
        .forUpdate()
        .executeTakeFirst();
      if (before === undefined) return undefined;
      const { name, brief } = change(before);
      return transaction
        .updateTable('strategy')
        .set({ name, brief: JSON.stringify(brief), updated_at: this.clock.now() })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirstOrThrow();
    });
  }

  async remove(ownerId: string, id: string): Promise<boolean> {
    const { numDeletedRows } = await this.db
      .deleteFrom('strategy')
      .where('id', '=', id)
      .where('owner_id', '=', ownerId)
      .executeTakeFirst();
    return numDeletedRows > 0n;
  }

  /** The newest version of each strategy that has one. */
  async latestVersions(ids: readonly string[]): Promise<Map<string, number>> {
    if (ids.length === 0) return new Map();
    const rows = await this.db
      .selectFrom('strategy_version')
      .select(({ fn }) => ['strategy_id', fn.max('version').as('version')])
      .where('strategy_id', 'in', [...ids])
      .groupBy('strategy_id')
      .execute();
    return new Map(rows.map((row) => [row.strategy_id, row.version]));
  }
}
