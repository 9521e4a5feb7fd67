import { describe, expect, it } from '@jest/globals';
import { FileRefused } from './file-refused.js';
import { parseRss } from './rss.js';

const feed = (items: string, attributes = '') =>
  `<rss version="2.0" ${attributes}><channel><title>Feed</title>${items}</channel></rss>`;
const first = (item: string, attributes = '') => parseRss(feed(`<item>${item}</item>`, attributes)).items[0];

describe('the RSS feed', () => {
  it('reads an item', () => {
    const item = `<title>A &amp; B</title><link>https://e.org/a</link><guid>x</guid>
      <pubDate>Tue, 10 Dec 2024 00:00:00 +0000</pubDate><description>Words.</description><category>one</category><category>two</category>`;
    expect(parseRss(feed(`<item>${item}</item>`))).toEqual({
      items: [
        { url: 'https://e.org/a', title: 'A & B', published: '2024-12-10', excerpt: 'Words.', tags: ['one', 'two'] },
      ],
      report: { read: 1, kept: 1, skipped: 0, reasons: [] },
    });
  });

  it('takes markup out of excerpts and decodes entities, in CDATA and escaped', () => {
    const html = '<p>Fish &amp; chips&nbsp;&#8217;s</p><script>alert("x")</script><p>Two<!-- no --></p>';
    const escaped = html.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
    for (const description of [`<![CDATA[${html}]]>`, escaped]) {
      expect(first(`<link>https://e.org/</link><description>${description}</description>`)?.excerpt).toBe(
        'Fish & chips ’s Two',
      );
    }
  });

  it('leaves elements of other namespaces aside, whatever their prefix', () => {
    const item = `<media:title>Wrong</media:title><atom:link href="https://evil.example/"/><title>Right</title>
      <link>https://e.org/a</link><d:subject>topic</d:subject><d:date>2024-03-04T10:00:00Z</d:date><c:encoded><![CDATA[<b>All</b> of it]]></c:encoded>`;
    const names = `xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom"
      xmlns:d="http://purl.org/dc/elements/1.1/" xmlns:c="http://purl.org/rss/1.0/modules/content/"`;
    expect(first(item, names)).toEqual({
      url: 'https://e.org/a',
      title: 'Right',
      published: '2024-03-04',
      excerpt: 'All of it',
      tags: ['topic'],
    });
  });

  it('reads RSS 1.0, whose items stand beside the channel', () => {
    const text = `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
      <channel><title>Feed</title></channel><item><title>One</title><link>https://e.org/1</link></item></rdf:RDF>`;
    expect(parseRss(text).items).toMatchObject([{ title: 'One', url: 'https://e.org/1' }]);
  });

  it('takes the guid for the address only where it may be one', () => {
    expect(first('<title>A</title><guid>https://e.org/g</guid>')?.url).toBe('https://e.org/g');
    expect(first('<title>A</title><guid isPermaLink="false">https://e.org/g</guid>')).toBeUndefined();
  });

  it('makes a title from the address for one such as ">"', () => {
    const { items, report } = parseRss(
      feed('<item><title>&gt;</title><link>https://e.org/posts/a-guide/</link></item>'),
    );
    expect(items).toMatchObject([{ title: 'A guide', isTitleFromUrl: true }]);
    expect(report.reasons).toMatchObject([{ code: 'title_from_url', count: 1, lines: [1] }]);
  });

  it('names broken entries by their number and keeps the others', () => {
    const { items, report } = parseRss(
      feed(
        '<item><title>No link</title></item><item><link>https://e.org/</link></item><item><link>ftp://e.org/</link></item>',
      ),
    );
    expect(items).toHaveLength(1);
    expect(report.reasons.map(({ code, lines }) => [code, lines])).toEqual([
      ['missing_url', [1]],
      ['title_from_url', [2]],
      ['unsafe_url', [3]],
    ]);
  });

  it('reads names of HTML such as &nbsp; that XML does not define', () => {
    expect(first('<link>https://e.org/</link><title>A&nbsp;B &mdash; C</title>')?.title).toBe('A B — C');
  });

  it('says where malformed XML breaks', () => {
    const refuse = (text: string) => {
      try {
        parseRss(text);
      } catch (error) {
        if (error instanceof FileRefused) return error.refusal;
      }
      throw new Error('was not refused');
    };
    expect(refuse('<rss><channel>\n<item><title>a</item></channel></rss>')).toMatchObject({
      code: 'unreadable_file',
      line: 2,
    });
    expect(refuse('<rss><channel>\n\n<item>a & b</item>')).toMatchObject({ line: 3, column: 9 });
    expect(refuse('<rss><channel>\n<item>a & b</item>\n<item>c &amp; d</item></channel></rss>')).toMatchObject({
      line: 2,
      column: 9,
    });
    expect(refuse('<rss><![CDATA[ & ]]>').detail).toMatch(/unclosed tag/);
    expect(refuse('<rss>\n<channel>').detail).toMatch(/line 2.*unclosed tag: channel/);
    expect(refuse('<rss>&undefined;</rss>').detail).toMatch(/undefined entity/);
    expect(refuse('<rss><x:y/></rss>').detail).toMatch(/namespace prefix/);
    expect(refuse(`<rss>${'<a>'.repeat(100_000)}`).detail).toMatch(/more than 100 deep/);
    expect(refuse(`<rss ${Array.from({ length: 101 }, (_, index) => `a${index}=""`).join(' ')}/>`).detail).toMatch(
      /100 attributes/,
    );
    expect(refuse('<rss><channel/></rss>').detail).toMatch(/no items/);
  });
});
