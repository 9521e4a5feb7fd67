import { decodeHTML } from 'entities';
import { SaxesParser, type SaxesTagNS } from 'saxes';
import { unreadable } from './file-refused.js';
import { IMPORT_LIMITS } from './limits.js';
import { isBlockElement } from './plain-text.js';
import { findLooseAmpersand, placeOf } from './text-place.js';

/** A child element of an entry. */
export interface XmlField {
  /** Its namespace; empty for none. */
  uri: string;
  /** Its name without a prefix. */
  name: string;
  attributes: Readonly<Record<string, string>>;
  /** The text in it and below it. */
  text: string;
}

const CHUNK_CHARS = 65_536;

/** Names such as `&nbsp;` belong to HTML, not XML; feeds use them all the same. Nothing a file defines is expanded. */
const HTML_ENTITIES: Record<string, string> = new Proxy(Object.create(null) as Record<string, string>, {
  get: (_target, name) => {
    if (typeof name !== 'string' || !/^[A-Za-z][A-Za-z0-9]{1,31}$/.test(name)) return undefined;
    const text = decodeHTML(`&${name};`);
    return text.endsWith(';') && text.length > 2 ? undefined : text;
  },
});

/** Collects the fields of the entries while the parser goes through the file. */
class EntryCollector {
  private depth = 0;
  private entryDepth = 0;
  private fields: XmlField[] = [];
  private field: XmlField | undefined;

  constructor(
    private readonly entryName: string,
    private readonly onEntry: (fields: readonly XmlField[]) => void,
  ) {}

  get currentDepth(): number {
    return this.depth;
  }

  open(tag: SaxesTagNS): void {
    this.depth += 1;
    if (this.entryDepth === 0) {
      if (tag.local === this.entryName && this.depth > 1) this.entryDepth = this.depth;
    } else if (this.depth === this.entryDepth + 1) {
      if (this.fields.length === IMPORT_LIMITS.entryFields) return;
      const attributes = Object.fromEntries(Object.values(tag.attributes).map(({ local, value }) => [local, value]));
      this.field = { uri: tag.uri, name: tag.local, attributes, text: '' };
      this.fields.push(this.field);
    } else if (this.field !== undefined && isBlockElement(tag.local)) this.field.text += ' ';
  }

  text(text: string): void {
    const room = this.field === undefined ? 0 : IMPORT_LIMITS.rawFieldChars - this.field.text.length;
    if (this.field !== undefined && room > 0) this.field.text += text.slice(0, room);
  }

  close(): void {
    if (this.depth === this.entryDepth) {
      this.onEntry(this.fields);
      this.entryDepth = 0;
      this.fields = [];
    }
    if (this.depth === this.entryDepth + 1) this.field = undefined;
    this.depth -= 1;
  }
}

type Place = { line: number; column: number };

function malformed(message: string, { line, column }: Place): Error {
  return unreadable(`The XML is malformed at line ${line}, column ${column}: ${message.replace(/\.$/, '')}.`, {
    line,
    column,
  });
}

/** Says what the parser found; of a loose `&` it says so only far behind it, and by the wrong name. */
function explain(text: string, parser: SaxesParser<{ xmlns: true }>, message: string): Error {
  const isAtEntity = /disallowed character in entity name|empty entity name/.test(message);
  const isAtEnd = /^(?:unclosed tag|unexpected end)/.test(message);
  const loose = isAtEntity || isAtEnd ? findLooseAmpersand(text, isAtEnd ? text.length : parser.position) : undefined;
  if (loose === undefined) return malformed(message, parser);
  return malformed('an & that stands for itself must be written &amp;', placeOf(text, loose));
}

/**
 * Goes through an XML file and hands out the children of each element called `entryName`. It streams, so that a file
 * takes little more memory than its text; fast-xml-parser, which builds a tree, takes 300 MB for the largest allowed
 * and checks well-formedness only in a pass of its own. Throws `FileRefused` with line and column.
 */
export function readXmlEntries(text: string, entryName: string, onEntry: (fields: readonly XmlField[]) => void): void {
  const parser = new SaxesParser({ xmlns: true, position: false });
  const collector = new EntryCollector(entryName, onEntry);
  parser.ENTITIES = Object.assign(Object.create(HTML_ENTITIES), { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" });
  parser.on('error', (error) => {
    throw explain(text, parser, error.message);
  });
  let attributes = 0;
  parser.on('opentagstart', () => {
    attributes = 0;
  });
  parser.on('attribute', () => {
    attributes += 1;
    if (attributes > IMPORT_LIMITS.xmlAttributes) {
      throw malformed(`an element has more than ${IMPORT_LIMITS.xmlAttributes} attributes`, parser);
    }
  });
  parser.on('opentag', (tag) => {
    collector.open(tag);
    if (collector.currentDepth > IMPORT_LIMITS.xmlDepth) {
      throw malformed(`elements nest more than ${IMPORT_LIMITS.xmlDepth} deep`, parser);
    }
  });
  parser.on('text', (part) => collector.text(part));
  parser.on('cdata', (part) => collector.text(part));
  parser.on('closetag', () => collector.close());
  for (let at = 0; at < text.length; at += CHUNK_CHARS) parser.write(text.slice(at, at + CHUNK_CHARS));
  parser.close();
}
