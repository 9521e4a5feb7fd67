import { Injectable } from '@nestjs/common';
import type { ContentSource, ContentSourceWithItems, Page } from '@throughline/strategy-contract';
import {
  decodeNumberKey,
  decodeTimeKey,
  encodeNumberKey,
  encodeTimeKey,
  type PageQuery,
} from '../platform/http/index.js';
import { ContentItems } from './content-items.js';
import { ContentStore } from './content.store.js';

/** Cuts sources and their items into pages. */
@Injectable()
export class ContentPages {
  constructor(
    private readonly store: ContentStore,
    private readonly items: ContentItems,
  ) {}

  /** The user's sources, newest first. */
  async sources(ownerId: string, { limit, cursor }: PageQuery): Promise<Page<ContentSource>> {
    const after = cursor === undefined ? undefined : decodeTimeKey(cursor);
    const found = await this.store.list(ownerId, limit + 1, after);
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return found.length > limit && last !== undefined
      ? { items, nextCursor: encodeTimeKey({ time: new Date(last.createdAt), id: last.id }) }
      : { items };
  }

  /** One source with a page of its items; `undefined` where the user has no such source. */
  async sourceWithItems(
    ownerId: string,
    id: string,
    { limit, cursor }: PageQuery,
  ): Promise<ContentSourceWithItems | undefined> {
    const first = cursor === undefined ? 0 : decodeNumberKey(cursor);
    const source = await this.store.find(ownerId, id);
    if (source === undefined) return undefined;
    const items = await this.items.page(id, first, limit);
    const next = first + items.length;
    return next < source.itemCount && items.length > 0
      ? { ...source, items, nextCursor: encodeNumberKey(next) }
      : { ...source, items };
  }
}
