import type { ParsedFile } from './parsed-file.js';
import { unreadable } from './file-refused.js';
import { ItemCollector, type RawItem } from './item-collector.js';
import { htmlToLine, toLine } from './plain-text.js';
import { readXmlEntries, type XmlField } from './xml-entries.js';

/** Atom 1.0 (RFC 4287) and 0.3, or none, as hand-made feeds have it. */
const ATOM = new Set(['http://www.w3.org/2005/Atom', 'http://purl.org/atom/ns#', '']);

/** Text constructs, RFC 4287, section 3.1: only `html` holds markup that is escaped. */
function toText({ text, attributes }: XmlField): string {
  return ['html', 'text/html'].includes(attributes['type'] ?? 'text') ? htmlToLine(text) : toLine(text);
}

function addressOf(fields: readonly XmlField[]): string {
  const links = fields.filter(
    ({ name, attributes }) => name === 'link' && (attributes['rel'] ?? 'alternate') === 'alternate',
  );
  const page = links.find(({ attributes }) => /html/.test(attributes['type'] ?? 'text/html')) ?? links[0];
  if (page !== undefined) return toLine(page.attributes['href'] ?? '');
  const id = toLine(fields.find(({ name }) => name === 'id')?.text ?? '');
  return /^https?:/i.test(id) ? id : '';
}

function toRaw(all: readonly XmlField[]): RawItem {
  const fields = all.filter(({ uri }) => ATOM.has(uri));
  const textOf = (...names: string[]): string =>
    names
      .map((name) => fields.find((field) => field.name === name))
      .map((field) => (field ? toText(field) : ''))
      .find(Boolean) ?? '';
  return {
    url: addressOf(fields),
    title: textOf('title'),
    published: textOf('published', 'issued'),
    modified: textOf('updated', 'modified'),
    excerpt: textOf('summary', 'content'),
    tags: fields
      .filter(({ name }) => name === 'category')
      .map(({ attributes }) => toLine(attributes['label'] ?? attributes['term'] ?? '')),
  };
}

/** Reads an Atom feed. */
export function parseAtom(text: string): ParsedFile {
  const collector = new ItemCollector();
  readXmlEntries(text, 'entry', (fields) => collector.add(toRaw(fields)));
  const parsed = collector.finish();
  if (parsed.report.read === 0) throw unreadable('The feed has no entries.');
  return parsed;
}
