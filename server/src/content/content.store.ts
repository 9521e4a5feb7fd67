import { Inject, Injectable } from '@nestjs/common';
import type { ContentSource, ImportReport, SourceFormat, SourceKind } from '@throughline/strategy-contract';
import type { Kysely, Selectable } from 'kysely';
import { DATABASE } from '../platform/database/index.js';
import type { TimeKey } from '../platform/http/index.js';
import type { ItemChunk } from './item-chunks.js';

interface ContentSourceTable {
  id: string;
  owner_id: string;
  name: string;
  kind: SourceKind;
  format: SourceFormat;
  sha256: string;
  item_count: number;
  from_day: string | null;
  to_day: string | null;
  /** Written as text, read parsed. */
  report: unknown;
  created_at: Date;
}

interface ContentChunkTable {
  source_id: string;
  position: number;
  item_count: number;
  data: string;
}

interface ContentTables {
  content_source: ContentSourceTable;
  content_chunk: ContentChunkTable;
}

/** Rows of one statement: about 100 kB, so that no statement holds the embedded database's thread for long. */
const CHUNKS_PER_INSERT = 4;

function toSource(row: Selectable<ContentSourceTable>): ContentSource {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    format: row.format,
    itemCount: row.item_count,
    ...(row.from_day === null ? {} : { from: row.from_day }),
    ...(row.to_day === null ? {} : { to: row.to_day }),
    sha256: row.sha256,
    createdAt: row.created_at.toISOString(),
    report: row.report as ImportReport,
  };
}

/** Keeps imported sources and their items. */
@Injectable()
export class ContentStore {
  constructor(@Inject(DATABASE) private readonly db: Kysely<ContentTables>) {}

  /** Writes a source with all of its items, or nothing. */
  async add(ownerId: string, source: ContentSource, chunks: readonly ItemChunk[]): Promise<void> {
    await this.db.transaction().execute(async (transaction) => {
      await transaction
        .insertInto('content_source')
        .values({
          id: source.id,
          owner_id: ownerId,
          name: source.name,
          kind: source.kind,
          format: source.format,
          sha256: source.sha256,
          item_count: source.itemCount,
          from_day: source.from ?? null,
          to_day: source.to ?? null,
          report: JSON.stringify(source.report),
          created_at: new Date(source.createdAt),
        })
        .execute();
      for (let at = 0; at < chunks.length; at += CHUNKS_PER_INSERT) {
        const rows = chunks.slice(at, at + CHUNKS_PER_INSERT).map(({ position, itemCount, data }) => ({
          source_id: source.id,
          position,
          item_count: itemCount,
          data,
        }));
        await transaction.insertInto('content_chunk').values(rows).execute();
        // The embedded database answers without a turn of the event loop: leave one to other requests.
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
  }

  /** The user's sources, newest first. */
  async list(ownerId: string, limit: number, after?: TimeKey): Promise<ContentSource[]> {
    let query = this.db.selectFrom('content_source').selectAll().where('owner_id', '=', ownerId);
    if (after !== undefined) {
      query = query.where((where) =>
        where.or([
          where('created_at', '<', after.time),
          where.and([where('created_at', '=', after.time), where('id', '<', after.id)]),
        ]),
      );
    }
    const rows = await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
    return rows.map(toSource);
  }

  /** All of the user's sources, oldest first; of `ids` only where they are given. */
  async all(ownerId: string, ids?: readonly string[]): Promise<ContentSource[]> {
    if (ids?.length === 0) return [];
    let query = this.db.selectFrom('content_source').selectAll().where('owner_id', '=', ownerId);
    if (ids !== undefined) query = query.where('id', 'in', [...ids]);
    return (await query.orderBy('created_at').orderBy('id').execute()).map(toSource);
  }

  async find(ownerId: string, id: string): Promise<ContentSource | undefined> {
    const row = await this.db
      .selectFrom('content_source')
      .selectAll()
      .where('owner_id', '=', ownerId)
      .where('id', '=', id)
      .executeTakeFirst();
    return row === undefined ? undefined : toSource(row);
  }

  /** The chunks that hold the items from `first` up to, not including, `end`. */
  async chunks(sourceId: string, first: number, end: number): Promise<ItemChunk[]> {
    const rows = await this.db
      .selectFrom('content_chunk')
      .select(['position', 'item_count', 'data'])
      .where('source_id', '=', sourceId)
      .where((where) => where(where('position', '+', where.ref('item_count')), '>', first))
      .where('position', '<', end)
      .orderBy('position')
      .execute();
    return rows.map(({ position, item_count, data }) => ({ position, itemCount: item_count, data }));
  }

  /** Whether there was one to remove. */
  async remove(ownerId: string, id: string): Promise<boolean> {
    const { numDeletedRows } = await this.db
      .deleteFrom('content_source')
      .where('owner_id', '=', ownerId)
      .where('id', '=', id)
      .executeTakeFirst();
    return numDeletedRows > 0n;
  }
}
