import { describe, expect, it } from '@jest/globals';
import { parseAtom } from './atom.js';
import { parseSitemap } from './sitemap.js';

const feed = (entry: string) =>
  `<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><entry>${entry}</entry></feed>`;

describe('the Atom feed', () => {
  it('reads an entry', () => {
    const entry = `<title>A</title><link rel="self" href="https://e.org/self"/><link rel="alternate" type="text/html" href="https://e.org/a"/>
      <id>tag:e.org,2024:1</id><published>2024-01-02T00:00:00Z</published><updated>2024-02-03T00:00:00Z</updated>
      <summary>Words</summary><category term="t1"/><category term="t2" label="Two"/><source><title>Other</title></source>`;
    expect(parseAtom(feed(entry)).items).toEqual([
      {
        url: 'https://e.org/a',
        title: 'A',
        published: '2024-01-02',
        modified: '2024-02-03',
        excerpt: 'Words',
        tags: ['t1', 'Two'],
      },
    ]);
  });

  it('reads text, HTML and XHTML as what they say they are', () => {
    const title = (attributes: string, text: string) =>
      parseAtom(feed(`<link href="https://e.org/"/><title ${attributes}>${text}</title>`)).items[0]?.title;
    expect(title('', 'The &lt;div&gt; element')).toBe('The <div> element');
    expect(title('type="html"', '&lt;b&gt;Bold&lt;/b&gt; &amp;amp; more')).toBe('Bold & more');
    expect(title('type="xhtml"', '<div xmlns="http://www.w3.org/1999/xhtml"><p>One</p><p>T<b>w</b>o</p></div>')).toBe(
      'One Two',
    );
  });

  it('takes the id for the address where there is no link', () => {
    expect(parseAtom(feed('<title>A</title><id>https://e.org/id</id>')).items[0]?.url).toBe('https://e.org/id');
  });

  it('refuses a feed without entries', () => {
    expect(() => parseAtom('<feed xmlns="http://www.w3.org/2005/Atom"/>')).toThrow(/no entries/);
  });
});

describe('the sitemap', () => {
  it('reads addresses and days of change, and makes every title from its address', () => {
    const text = `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
      <url><loc> https://e.org/posts/what-we-do/ </loc><lastmod>2024-05-06T01:00:00+02:00</lastmod><image:image><image:loc>https://e.org/i.png</image:loc></image:image></url>
      <url><image:loc>https://e.org/other.png</image:loc></url></urlset>`;
    const { items, report } = parseSitemap(text);
    expect(items).toEqual([
      {
        url: 'https://e.org/posts/what-we-do/',
        title: 'What we do',
        modified: '2024-05-06',
        tags: [],
        isTitleFromUrl: true,
      },
    ]);
    expect(report).toMatchObject({
      read: 2,
      kept: 1,
      skipped: 1,
      reasons: [
        { code: 'title_from_url', count: 1, lines: [1] },
        { code: 'missing_url', count: 1, lines: [2] },
      ],
    });
  });

  it('refuses one that lists nothing', () => {
    expect(() => parseSitemap('<urlset/>')).toThrow(/no pages/);
  });
});
