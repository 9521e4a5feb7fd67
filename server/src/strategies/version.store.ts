import { Inject, Injectable } from '@nestjs/common';
import type { StrategyDocument, StrategyVersion } from '@throughline/strategy-contract';
import { type Kysely, sql, type Transaction } from 'kysely';
import { DATABASE } from '../platform/database/index.js';
import type { StrategyTables } from './strategy.store.js';

/** What a run made, before it has a number. */
export interface NewVersion {
  strategyId: string;
  runId: string;
  status: StrategyVersion['status'];
  createdAt: Date;
  /** Makes the document once its number is known. */
  toDocument(version: number): StrategyDocument;
}

/** Whether two documents say the same: their numbers and times apart. */
function isSame(a: StrategyDocument, b: StrategyDocument): boolean {
  const essence = ({ version: _version, createdAt: _createdAt, ...rest }: StrategyDocument) => JSON.stringify(rest);
  return essence(a) === essence(b);
}

/** The immutable versions of strategies. Owners are checked by the caller. */
@Injectable()
export class VersionStore {
  constructor(@Inject(DATABASE) private readonly db: Kysely<StrategyTables>) {}

  async list(strategyId: string, limit: number, before?: number): Promise<StrategyVersion[]> {
    let query = this.db
      .selectFrom('strategy_version')
      .select(['version', 'run_id', 'status', 'created_at'])
      .where('strategy_id', '=', strategyId);
    if (before !== undefined) query = query.where('version', '<', before);
    const rows = await query.orderBy('version', 'desc').limit(limit).execute();
    return rows.map(({ version, run_id, status, created_at }) => ({
      version,
      runId: run_id,
      status,
      createdAt: created_at.toISOString(),
    }));
  }

  /** The document as JSON text, byte for byte as it was made. */
  async read(strategyId: string, version: number): Promise<string | undefined> {
    const row = await this.db
      .selectFrom('strategy_version')
      .select('document')
      .where('strategy_id', '=', strategyId)
      .where('version', '=', version)
      .executeTakeFirst();
    return row?.document;
  }

  /**
   * Adds the version that a run made and returns its number, inside the transaction that ends the run. A retry that
   * changed no section returns the number of the run's earlier version. `undefined`: the strategy was removed.
   */
  async add(transaction: Transaction<StrategyTables>, made: NewVersion): Promise<number | undefined> {
    const strategy = await transaction
      .selectFrom('strategy')
      .select('id')
      .where('id', '=', made.strategyId)
      .forUpdate()
      .executeTakeFirst();
    if (strategy === undefined) return undefined;
    const earlier = await transaction
      .selectFrom('strategy_version')
      .select(['version', 'document'])
      .where('strategy_id', '=', made.strategyId)
      .where('run_id', '=', made.runId)
      .orderBy('version', 'desc')
      .executeTakeFirst();
    if (earlier !== undefined) {
      const document = JSON.parse(earlier.document) as StrategyDocument;
      if (isSame(document, made.toDocument(earlier.version))) return earlier.version;
    }
    const { next } = await transaction
      .selectFrom('strategy_version')
      .select(sql<number>`coalesce(max(version), 0) + 1`.as('next'))
      .where('strategy_id', '=', made.strategyId)
      .executeTakeFirstOrThrow();
    await transaction
      .insertInto('strategy_version')
      .values({
        strategy_id: made.strategyId,
        version: next,
        run_id: made.runId,
        status: made.status,
        created_at: made.createdAt,
        document: JSON.stringify(made.toDocument(next)),
      })
      .execute();
    return next;
  }
}
