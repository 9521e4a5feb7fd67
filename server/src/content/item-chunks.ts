import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { ContentItem } from '@throughline/strategy-contract';

/** Items per chunk: one page of a list touches at most two, and reading one takes about a millisecond. */
const CHUNK_ITEMS = 500;

/** A run of a source's items as they are stored: JSON, compressed, in base64. */
export interface ItemChunk {
  /** The first item's place in the source, from 0. */
  position: number;
  itemCount: number;
  data: string;
}

const compress = promisify(gzip);
const expand = promisify(gunzip);

/**
 * Packs items for the store. 200,000 items are then 400 rows, written in about 0.2 s on the embedded database, which
 * works on the server's own thread. Base64 in a text column, since that database takes five times as long for `bytea`.
 */
export async function packItems(items: readonly ContentItem[]): Promise<ItemChunk[]> {
  const chunks: ItemChunk[] = [];
  for (let position = 0; position < items.length; position += CHUNK_ITEMS) {
    const part = items.slice(position, position + CHUNK_ITEMS);
    const packed = await compress(JSON.stringify(part));
    chunks.push({ position, itemCount: part.length, data: packed.toString('base64') });
  }
  return chunks;
}

/** The items of a chunk. */
export async function unpackItems(data: string): Promise<ContentItem[]> {
  const text = await expand(Buffer.from(data, 'base64'));
  return JSON.parse(text.toString('utf8')) as ContentItem[];
}
