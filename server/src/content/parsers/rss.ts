import type { ParsedFile } from './parsed-file.js';
import { unreadable } from './file-refused.js';
import { ItemCollector, type RawItem } from './item-collector.js';
import { htmlToLine, toLine } from './plain-text.js';
import { readXmlEntries, type XmlField } from './xml-entries.js';

/** No namespace (RSS 0.9x and 2.0), RSS 1.0, and a common slip: RSS 2.0 with a default namespace. */
const RSS = new Set([
  '',
  'http://purl.org/rss/1.0/',
  'http://my.netscape.com/rdf/simple/0.9/',
  'http://backend.userland.com/rss2',
]);
const DUBLIN_CORE = 'http://purl.org/dc/elements/1.1/';
const CONTENT = 'http://purl.org/rss/1.0/modules/content/';

const isOwn = (name: string) => (field: XmlField) => field.name === name && RSS.has(field.uri);
const isDublinCore = (name: string) => (field: XmlField) => field.name === name && field.uri === DUBLIN_CORE;

function addressOf(fields: readonly XmlField[]): string {
  const link = toLine(fields.find((field) => isOwn('link')(field) && field.text.trim() !== '')?.text ?? '');
  if (link !== '') return link;
  // RSS 2.0: a guid is an address unless it says otherwise.
  const guid = fields.find(isOwn('guid'));
  return guid !== undefined && guid.attributes['isPermaLink'] !== 'false' ? toLine(guid.text) : '';
}

function toRaw(fields: readonly XmlField[]): RawItem {
  const textOf = (...kinds: ((field: XmlField) => boolean)[]): string =>
    kinds.map((kind) => htmlToLine(fields.find(kind)?.text ?? '')).find((text) => text !== '') ?? '';
  const isEncoded = (field: XmlField) => field.name === 'encoded' && field.uri === CONTENT;
  return {
    url: addressOf(fields),
    title: textOf(isOwn('title'), isDublinCore('title')),
    published: textOf(isOwn('pubDate'), isDublinCore('date')),
    excerpt: textOf(isOwn('description'), isEncoded),
    tags: fields
      .filter((field) => isOwn('category')(field) || isDublinCore('subject')(field))
      .map((field) => htmlToLine(field.text)),
  };
}

/** Reads an RSS feed (2.0, also 0.9x and 1.0). Elements of other namespaces, such as `media:title`, are left aside. */
export function parseRss(text: string): ParsedFile {
  const collector = new ItemCollector();
  readXmlEntries(text, 'item', (fields) => collector.add(toRaw(fields)));
  const parsed = collector.finish();
  if (parsed.report.read === 0) throw unreadable('The feed has no items.');
  return parsed;
}
