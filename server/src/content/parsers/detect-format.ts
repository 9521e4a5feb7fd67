import type { SourceFormat } from '@throughline/strategy-contract';
import { unreadable } from './file-refused.js';
import { placeOf } from './text-place.js';

const ROOTS: Record<string, SourceFormat> = { rss: 'rss', RDF: 'rss', feed: 'atom', urlset: 'sitemap' };

const lineOf = (text: string, index: number): number => placeOf(text, index).line;

/** Where the part of the prolog that begins at `start` ends, or -1. */
function endOfProlog(text: string, start: number): number {
  const skip = (open: string, close: string): number | undefined => {
    if (!text.startsWith(open, start)) return undefined;
    const end = text.indexOf(close, start + open.length);
    return end === -1 ? -1 : end + close.length;
  };
  return skip('<?', '?>') ?? skip('<!--', '-->') ?? skip('<!', '>') ?? start;
}

/** Refuses what a document type can do: name a web page, or define entities, which grow without bound when expanded. */
function checkDocumentType(text: string, start: number, end: number): void {
  const declaration = text.slice(start, end);
  if (/^<!doctype\s+html/i.test(declaration))
    throw unreadable('This is a web page. Upload its feed or sitemap instead.');
  if (declaration.includes('[') || /<!(?:ENTITY|ELEMENT|ATTLIST)/i.test(declaration)) {
    throw unreadable(
      'The file defines XML entities (a DOCTYPE with declarations), which are not read for safety. Save it without.',
      {
        line: lineOf(text, start),
      },
    );
  }
}

function findRoot(text: string): number {
  let at = text.search(/\S/);
  for (;;) {
    const end = endOfProlog(text, at);
    if (end === at) return at;
    if (end === -1) throw unreadable('The XML breaks off before its first element.', { line: lineOf(text, at) });
    if (/^<!d/i.test(text.slice(at, at + 3))) checkDocumentType(text, at, end);
    at = end;
    while (at < text.length && /\s/.test(text[at]!)) at += 1;
  }
}

function detectXml(text: string): SourceFormat {
  const at = findRoot(text);
  const root = /^<(?:[\w.-]+:)?([\w.-]+)/.exec(text.slice(at, at + 200))?.[1];
  const line = lineOf(text, at);
  if (root === undefined) throw unreadable('The file begins like XML but has no element.', { line });
  const format = ROOTS[root];
  if (format !== undefined) return format;
  if (root === 'sitemapindex') {
    throw unreadable('This is a sitemap index: it lists sitemaps, not pages. Upload the sitemaps that it lists.', {
      line,
    });
  }
  if (root.toLowerCase() === 'html')
    throw unreadable('This is a web page. Upload its feed or sitemap instead.', { line });
  throw unreadable(`The file is XML with <${root}> outermost. Known are RSS, Atom (<feed>) and sitemaps (<urlset>).`, {
    line,
  });
}

/** Tells the format from the content. Throws `FileRefused` for what is none of the four. */
export function detectFormat(text: string): SourceFormat {
  const start = /\S/.exec(text)?.[0];
  if (start === '<') return detectXml(text);
  if ((start === '{' || start === '[') && /^\s*[{[]\s*(?:["{[\]}]|$)/.test(text.slice(0, 1000))) {
    throw unreadable('The file is JSON. Save it as a CSV with a url column.', { line: 1 });
  }
  return 'csv';
}
