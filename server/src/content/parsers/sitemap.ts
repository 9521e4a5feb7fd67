import type { ParsedFile } from './parsed-file.js';
import { unreadable } from './file-refused.js';
import { ItemCollector } from './item-collector.js';
import { toLine } from './plain-text.js';
import { readXmlEntries, type XmlField } from './xml-entries.js';

/** The sitemap protocol's own elements; image and video extensions have a `loc` of their own, deeper or elsewhere. */
const SITEMAP = /^(?:$|https?:\/\/www\.(?:sitemaps\.org|google\.com)\/schemas\/sitemap\/)/;

/** Reads a sitemap. It has addresses and dates only: every title is made from its address and marked so. */
export function parseSitemap(text: string): ParsedFile {
  const collector = new ItemCollector();
  readXmlEntries(text, 'url', (fields) => {
    const own =
      (wanted: string) =>
      ({ name, uri }: XmlField) =>
        name === wanted && SITEMAP.test(uri);
    collector.add({
      url: toLine(fields.find(own('loc'))?.text ?? ''),
      modified: toLine(fields.find(own('lastmod'))?.text ?? ''),
    });
  });
  const parsed = collector.finish();
  if (parsed.report.read === 0) throw unreadable('The sitemap lists no pages.');
  return parsed;
}
