import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { SourceFormat } from '@throughline/strategy-contract';
import { parseFile } from '../../server/src/content/parsers/parse-file.js';

const DATA = join(import.meta.dirname, '../../../shared/data');

/** `unique`: three posts of 18F share one address, and two of Digital.gov. */
const SITES = [
  { site: '18f', posts: 509, unique: 507, punctuation: 15, from: '2014-03-12', to: '2024-12-10' },
  { site: 'digitalgov', posts: 461, unique: 460, punctuation: 0, from: '2019-02-14', to: '2025-01-02' },
];
const FILES: [file: string, format: SourceFormat][] = [
  ['inventory.csv', 'csv'],
  ['feed.xml', 'rss'],
  ['sitemap.xml', 'sitemap'],
];

const read = (site: string, file: string) => parseFile(readFileSync(join(DATA, site, file)));

describe.each(SITES)('the real inventory of $site', ({ site, posts, unique, punctuation, from, to }) => {
  it.each(FILES)('is read from %s whole', (file, format) => {
    const { items, report, ...rest } = read(site, file);
    expect(rest.format).toBe(format);
    expect(report).toMatchObject({ read: posts, kept: unique, skipped: posts - unique });
    expect(report.reasons.filter(({ code }) => !['title_from_url', 'duplicate_url'].includes(code))).toEqual([]);
    const days = items.map(({ published, modified }) => published ?? modified ?? '').sort();
    expect([days[0], days.at(-1)]).toEqual([from, to]);
  });

  it('has a title in words for each post, made from the address where it was only punctuation', () => {
    for (const file of ['inventory.csv', 'feed.xml']) {
      const { items, report } = read(site, file);
      expect(items.every(({ title }) => /[\p{L}\p{N}]/u.test(title))).toBe(true);
      expect(report.reasons.find(({ code }) => code === 'title_from_url')?.count ?? 0).toBe(punctuation);
      expect(items.filter(({ isTitleFromUrl }) => isTitleFromUrl === true)).toHaveLength(punctuation);
    }
  });

  it('is the same from the inventory and the feed, but for word counts', () => {
    const key = (file: string) =>
      new Map(read(site, file).items.map(({ url, title, published, tags }) => [url, { title, published, tags }]));
    expect(key('feed.xml').size).toBe(unique);
    expect([...key('feed.xml').keys()].sort()).toEqual([...key('inventory.csv').keys()].sort());
  });

  it('counts the words of each post of the inventory', () => {
    expect(read(site, 'inventory.csv').items.every(({ wordCount }) => typeof wordCount === 'number')).toBe(true);
  });
});
