import { createHash } from 'node:crypto';
import type { ContentItem, ImportReport, SourceFormat } from '@throughline/strategy-contract';
import { type ItemChunk, packItems } from './item-chunks.js';

/** An import that is ready to be stored. */
export interface PreparedImport {
  format: SourceFormat;
  /** Of the uploaded bytes, in hexadecimal. */
  sha256: string;
  itemCount: number;
  /** First and last day of the items, by publication where any is known, else by change. */
  from?: string;
  to?: string;
  report: ImportReport;
  chunks: ItemChunk[];
}

function findSpan(items: readonly ContentItem[]): { from?: string; to?: string } {
  let from: string | undefined;
  let to: string | undefined;
  const key = items.some(({ published }) => published !== undefined) ? 'published' : 'modified';
  for (const { [key]: day } of items) {
    if (day === undefined) continue;
    if (from === undefined || day < from) from = day;
    if (to === undefined || day > to) to = day;
  }
  return from === undefined || to === undefined ? {} : { from, to };
}

/** Brings parsed items into the form in which they are stored. */
export async function prepareImport(
  bytes: Uint8Array,
  { format, items, report }: { format: SourceFormat; items: readonly ContentItem[]; report: ImportReport },
): Promise<PreparedImport> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { format, sha256, itemCount: items.length, ...findSpan(items), report, chunks: await packItems(items) };
}
