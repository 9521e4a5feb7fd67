import { Injectable } from '@nestjs/common';
import type { ContentItem } from '@throughline/strategy-contract';
import { ContentStore } from './content.store.js';
import { unpackItems } from './item-chunks.js';

/** Chunks read by one statement when all are wanted: 10,000 items, about a megabyte. */
const READ_ITEMS = 10_000;

/** Reads the items of a source back. */
@Injectable()
export class ContentItems {
  constructor(private readonly store: ContentStore) {}

  /** The items from `first` (0-based) on, at most `limit`, in the order of the file. */
  async page(sourceId: string, first: number, limit: number): Promise<ContentItem[]> {
    const items: ContentItem[] = [];
    for (const { position, data } of await this.store.chunks(sourceId, first, first + limit)) {
      const part = await unpackItems(data);
      items.push(...part.slice(Math.max(0, first - position), Math.max(0, first + limit - position)));
    }
    return items;
  }

  /** All items in the order of the file; other requests get their turn in between. */
  async all(sourceId: string): Promise<ContentItem[]> {
    const items: ContentItem[] = [];
    for (let first = 0; ; first += READ_ITEMS) {
      const page = await this.page(sourceId, first, READ_ITEMS);
      items.push(...page);
      if (page.length < READ_ITEMS) return items;
    }
  }
}
