import { describe, expect, it } from '@jest/globals';
import { SOURCE_FORMATS } from '@throughline/strategy-contract';
import fc from 'fast-check';
import { FileRefused } from './file-refused.js';
import { parseFile } from './parse-file.js';

const SAMPLES = {
  csv: 'url,title\nhttps://e.org/a,A\n',
  rss: '<?xml version="1.0"?><!-- made by hand -->\n<rss><channel><item><link>https://e.org/a</link><title>A</title></item></channel></rss>',
  atom: '\n<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="https://e.org/a"/><title>A</title></entry></feed>',
  sitemap: '<urlset><url><loc>https://e.org/a</loc></url></urlset>',
};

const BOMB = `<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "${'&a;'.repeat(10)}"><!ENTITY c "${'&b;'.repeat(10)}">]>
<rss><channel><item><title>&c;</title><link>https://e.org/</link></item></channel></rss>`;

describe('parseFile', () => {
  it.each(SOURCE_FORMATS)('tells %s from its content, and takes it where it is asked for', (format) => {
    const bytes = Buffer.from(SAMPLES[format]);
    expect(parseFile(bytes)).toMatchObject({ format, items: [{ url: 'https://e.org/a', title: 'A' }] });
    expect(parseFile(bytes, format).format).toBe(format);
  });

  it('refuses a file that is in another format than the one asked for', () => {
    const refuse = () => parseFile(Buffer.from(SAMPLES.rss), 'sitemap');
    expect(refuse).toThrow(FileRefused);
    expect(refuse).toThrow(/sent as a sitemap, but it is an RSS feed/);
    expect(() => parseFile(Buffer.from(SAMPLES.csv), 'rss')).toThrow(/does not begin like XML/);
  });

  it.each([
    [
      'a sitemap index',
      '<sitemapindex><sitemap><loc>https://e.org/s.xml</loc></sitemap></sitemapindex>',
      /Upload the sitemaps that it lists/,
    ],
    ['a web page', '<!doctype html><title>x</title>', /web page/],
    ['a web page without a doctype', '<HTML><body/>', /web page/],
    ['other XML', '<opml version="2.0"/>', /<opml>/],
    ['JSON', '[{"url":"https://e.org"}]', /JSON/],
    ['XML that breaks off', '<?xml version="1.0"', /breaks off/],
    ['no element', '<?xml version="1.0"?> text', /no element/],
    ['an entity bomb', BOMB, /entities/],
    ['a reference to a file', '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss>&x;</rss>', /entities/],
  ])('refuses %s and says what it is', (_, text, detail) => {
    expect(() => parseFile(Buffer.from(text))).toThrow(detail);
  });

  it('reads a feed with a plain document type', () => {
    const text = `<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "https://e.org/rss.dtd">${SAMPLES.rss.slice(43)}`;
    expect(parseFile(Buffer.from(text)).format).toBe('rss');
  });

  const outcomeOf = (bytes: Uint8Array): string => {
    try {
      const { items, report } = parseFile(bytes);
      const isSound = report.kept === items.length && report.read === report.kept + report.skipped;
      return isSound && !JSON.stringify(items).includes('\\u0000') ? 'report' : 'unsound report';
    } catch (error) {
      return error instanceof FileRefused ? 'refusal' : String(error);
    }
  };

  it('answers any bytes with a report or a refusal', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(['report', 'refusal']).toContain(outcomeOf(bytes));
      }),
      { numRuns: 500 },
    );
  });

  it('answers any damaged file with a report or a refusal', () => {
    const sample = fc.constantFrom(...Object.values(SAMPLES), BOMB);
    const damage = fc.array(
      fc.tuple(fc.nat(), fc.constantFrom('<', '>', '&', '"', '\u0000', ']]>', ',', '\n', 'é', '')),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(sample, damage, fc.nat(), (text, edits, end) => {
        let damaged = text;
        for (const [at, mark] of edits) {
          const index = at % damaged.length;
          damaged = damaged.slice(0, index) + mark + damaged.slice(index + 1);
        }
        const broken = damaged.slice(0, (end % damaged.length) + 1);
        expect(['report', 'refusal']).toContain(outcomeOf(Buffer.from(broken)));
      }),
      { numRuns: 1000 },
    );
  });
});
