import type { SourceFormat } from '@throughline/strategy-contract';
import { parseAtom } from './atom.js';
import { parseCsvInventory } from './csv-inventory.js';
import { decodeText } from './decode-text.js';
import { detectFormat } from './detect-format.js';
import { FileRefused } from './file-refused.js';
import type { ParsedFile } from './parsed-file.js';
import { parseRss } from './rss.js';
import { parseSitemap } from './sitemap.js';

const PARSERS: Record<SourceFormat, (text: string) => ParsedFile> = {
  csv: parseCsvInventory,
  rss: parseRss,
  atom: parseAtom,
  sitemap: parseSitemap,
};

const NAMES: Record<SourceFormat, string> = {
  csv: 'a CSV inventory',
  rss: 'an RSS feed',
  atom: 'an Atom feed',
  sitemap: 'a sitemap',
};

/**
 * Reads an uploaded file of any known format. The content decides; `requested` must agree with it.
 * Throws {@link FileRefused} for a file that cannot be read as a whole.
 */
export function parseFile(bytes: Uint8Array, requested?: SourceFormat): ParsedFile & { format: SourceFormat } {
  const text = decodeText(bytes);
  const detected = detectFormat(text);
  if (requested !== undefined && requested !== detected) {
    const found = detected === 'csv' ? 'it does not begin like XML' : `it is ${NAMES[detected]}`;
    const detail = `The file was sent as ${NAMES[requested]}, but ${found}. Leave the format out, or choose the right file.`;
    throw new FileRefused({ code: 'format_conflict', detail, detected });
  }
  return { format: detected, ...PARSERS[detected](text) };
}
