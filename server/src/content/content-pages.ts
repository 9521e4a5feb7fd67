import { Injectable } from '@nestjs/common';
import type { ContentSource, ContentSourceWithItems, Page } from '@throughline/strategy-contract';
import { decodePageCursor, encodePageCursor, type PageQuery, ProblemException } from '../platform/http/index.js';
import { ContentItems } from './content-items.js';
import { ContentStore, type ListKey } from './content.store.js';

function invalidCursor(): ProblemException {
  return new ProblemException(400, 'invalid_cursor', 'This cursor was not given out here. Start again without one.', {
    errors: [{ path: 'cursor', code: 'invalid', message: 'Use the nextCursor of the page before, or none.' }],
  });
}

function readListKey(cursor: string): ListKey {
  const [time = '', id = ''] = decodePageCursor(cursor, 2);
  const createdAt = new Date(time);
  if (Number.isNaN(createdAt.getTime()) || createdAt.toISOString() !== time) throw invalidCursor();
  return { createdAt, id };
}

function readPosition(cursor: string): number {
  const [text = ''] = decodePageCursor(cursor, 1);
  if (!/^\d{1,9}$/.test(text)) throw invalidCursor();
  return Number(text);
}

/** Cuts sources and their items into pages. */
@Injectable()
export class ContentPages {
  constructor(
    private readonly store: ContentStore,
    private readonly items: ContentItems,
  ) {}

  /** The user's sources, newest first. */
  async sources(ownerId: string, { limit, cursor }: PageQuery): Promise<Page<ContentSource>> {
    const after = cursor === undefined ? undefined : readListKey(cursor);
    const found = await this.store.list(ownerId, limit + 1, after);
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return found.length > limit && last !== undefined
      ? { items, nextCursor: encodePageCursor([last.createdAt, last.id]) }
      : { items };
  }

  /** One source with a page of its items; `undefined` where the user has no such source. */
  async sourceWithItems(
    ownerId: string,
    id: string,
    { limit, cursor }: PageQuery,
  ): Promise<ContentSourceWithItems | undefined> {
    const first = cursor === undefined ? 0 : readPosition(cursor);
    const source = await this.store.find(ownerId, id);
    if (source === undefined) return undefined;
    const items = await this.items.page(id, first, limit);
    const next = first + items.length;
    return next < source.itemCount && items.length > 0
      ? { ...source, items, nextCursor: encodePageCursor([String(next)]) }
      : { ...source, items };
  }
}
