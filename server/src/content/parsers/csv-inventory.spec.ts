import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseCsvInventory } from './csv-inventory.js';
import { FileRefused, type Refusal } from './file-refused.js';
import { isTitleInWords, titleFromUrl } from './title-from-url.js';

function refusalOf(text: string): Refusal {
  try {
    parseCsvInventory(text);
  } catch (error) {
    if (error instanceof FileRefused) return error.refusal;
    throw error;
  }
  throw new Error('was not refused');
}

const reasons = (text: string) =>
  Object.fromEntries(parseCsvInventory(text).report.reasons.map(({ code, count, lines }) => [code, { count, lines }]));

describe('the CSV inventory', () => {
  it('reads every known column', () => {
    const text =
      'url,title,published,modified,excerpt,tags,word_count\n' +
      'https://example.org/a,"A, b",2024-01-02,2024-02-03,What it says,x|y z,1234\n';
    expect(parseCsvInventory(text)).toEqual({
      items: [
        {
          url: 'https://example.org/a',
          title: 'A, b',
          published: '2024-01-02',
          modified: '2024-02-03',
          excerpt: 'What it says',
          tags: ['x', 'y z'],
          wordCount: 1234,
        },
      ],
      report: { read: 1, kept: 1, skipped: 0, reasons: [] },
    });
  });

  it.each([
    ['Headline;Link;Publish Date;Words;Categories', 'A title;https://e.org/;02.01.2024;1.234;one,two'],
    ['Address\tTitle 1\tCreated\tWord Count\tTags', 'https://e.org/\tA title\tJan 2, 2024\t1234\tone;two'],
    ['name|PAGE|date|wordCount|Category', '"A title"|https://e.org/|2024-01-02T23:59:00-08:00|"1,234"|"one|two"'],
    [
      'Page URL, Page Title, Date Published, words, topics',
      'https://e.org/, A title, "2 January 2024", 1 234, "one, two"',
    ],
  ])('finds the columns of %s', (header, row) => {
    expect(parseCsvInventory(`${header}\r\n${row}\r\n`).items).toEqual([
      { url: 'https://e.org/', title: 'A title', published: '2024-01-02', tags: ['one', 'two'], wordCount: 1234 },
    ]);
  });

  it('prefers the better of two headers for one column', () => {
    expect(parseCsvInventory('page,url,name,title\n7,https://e.org/x,n,t').items[0]).toMatchObject({
      url: 'https://e.org/x',
      title: 't',
    });
  });

  it('takes the separator that Excel names above the header', () => {
    expect(parseCsvInventory('sep=;\nurl;title\nhttps://e.org/;A').items[0]?.title).toBe('A');
  });

  it('gives back any inventory that was written as CSV', () => {
    const words = fc.string({ minLength: 1, maxLength: 80, unit: 'grapheme' });
    const row = fc.record({ title: words, excerpt: words, words: fc.nat(10_000_000) });
    const quote = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
    const oneLine = (text: string) => text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 20 }),
        fc.constantFrom(',', ';', '\t', '|'),
        (rows, mark) => {
          const lines = rows.map(({ title, excerpt, words: count }, index) =>
            [`https://e.org/${index}`, quote(title), quote(excerpt), count].join(mark),
          );
          const { items, report } = parseCsvInventory(
            [['url', 'title', 'excerpt', 'words'].join(mark), ...lines].join('\n'),
          );
          expect(report).toMatchObject({ read: rows.length, kept: rows.length, skipped: 0 });
          expect(items.map(({ wordCount }) => wordCount)).toEqual(rows.map(({ words: count }) => count));
          expect(items.map(({ excerpt }) => excerpt ?? '')).toEqual(rows.map(({ excerpt }) => oneLine(excerpt)));
          const titles = rows.map(({ title }, index) => {
            const own = oneLine(title);
            return isTitleInWords(own) ? own : titleFromUrl(`https://e.org/${index}`);
          });
          expect(items.map(({ title }) => title)).toEqual(titles);
        },
      ),
    );
  });

  it('keeps Unicode, right-to-left text and emoji, and makes one line of a title with line ends', () => {
    const text = 'url,title\nhttps://e.org/1,"مرحبا\r\nبالعالم"\nhttps://e.org/2,🎉\nhttps://e.org/3,"日本\u0085語"';
    expect(parseCsvInventory(text).items.map(({ title }) => title)).toEqual(['مرحبا بالعالم', '🎉', '日本 語']);
  });

  it('keeps cells that look like formulas as the text they are', () => {
    const text = `url,title\nhttps://e.org/1,"=HYPERLINK(""https://evil.example"",""x"")"\n=cmd|'/c calc'!A1,x\n`;
    const { items, report } = parseCsvInventory(text);
    expect(items.map(({ title }) => title)).toEqual(['=HYPERLINK("https://evil.example","x")']);
    expect(report.reasons).toMatchObject([{ code: 'bad_url', count: 1, lines: [3] }]);
  });

  it('names the line and the reason of each row that it leaves out, and keeps the others', () => {
    const text = [
      'url,title',
      'https://e.org/1,One',
      ',No address',
      '/relative,Relative',
      'javascript:alert(1),Script',
      'data:text/html;base64,PHA+,Data',
      'https://user:secret@e.org/,Secret',
      `https://e.org/${'a'.repeat(2100)},Long`,
      'https://E.org/1?utm_source=x#top,Twice',
      'https://e.org/2,a,b,c',
      'https://e.org/3,"open',
      'https://e.org/4,"a" b',
      'https://e.org/5,Five',
    ].join('\n');
    const { items, report } = parseCsvInventory(text);
    expect(items.map(({ title }) => title)).toEqual(['One', 'Five']);
    expect(report).toMatchObject({ read: 12, kept: 2, skipped: 10 });
    expect(reasons(text)).toEqual({
      missing_url: { count: 1, lines: [3] },
      bad_url: { count: 1, lines: [4] },
      unsafe_url: { count: 2, lines: [5, 7] },
      too_many_fields: { count: 2, lines: [6, 10] },
      url_too_long: { count: 1, lines: [8] },
      duplicate_url: { count: 1, lines: [9] },
      unclosed_quote: { count: 1, lines: [11] },
      text_after_quote: { count: 1, lines: [12] },
    });
  });

  it('names at most twenty lines of one reason and counts them all', () => {
    const { count, lines } = reasons(`url\n${'nothing\n'.repeat(30)}`)['bad_url']!;
    expect([count, lines.length, lines[0], lines[19]]).toEqual([30, 20, 2, 21]);
  });

  it('makes a title from the address where the file has none in words, and says so', () => {
    const text = 'url,title\nhttps://e.org/posts/my-first-post/,>\nhttps://e.org/b.html,\nhttps://e.org/c,——';
    const { items, report } = parseCsvInventory(text);
    expect(items.map(({ title, isTitleFromUrl }) => [title, isTitleFromUrl])).toEqual([
      ['My first post', true],
      ['B', true],
      ['C', true],
    ]);
    expect(report).toMatchObject({
      kept: 3,
      skipped: 0,
      reasons: [{ code: 'title_from_url', count: 3, lines: [2, 3, 4] }],
    });
  });

  it('reads dates of two numbers as the rest of the file writes them', () => {
    const dates = (...cells: string[]) =>
      parseCsvInventory(`url,title,date\n${cells.map((cell, index) => `https://e.org/${index},A,${cell}`).join('\n')}`);
    expect(dates('03/12/2024', '25/12/2024').items.map(({ published }) => published)).toEqual([
      '2024-12-03',
      '2024-12-25',
    ]);
    expect(dates('03/12/2024', '12/25/2024').items.map(({ published }) => published)).toEqual([
      '2024-03-12',
      '2024-12-25',
    ]);
    const open = dates('03/12/2024', '04/04/2024');
    expect(open.items.map(({ published }) => published)).toEqual([undefined, '2024-04-04']);
    expect(open.report.reasons).toMatchObject([{ code: 'ambiguous_date', count: 1, lines: [2] }]);
    const mixed = dates('25/12/2024', '12/25/2024', '03/12/2024', '40/40/2024');
    expect(mixed.items.map(({ published }) => published)).toEqual(['2024-12-25', '2024-12-25', undefined, undefined]);
    expect(mixed.report.reasons.map(({ code, lines }) => [code, lines])).toEqual([
      ['ambiguous_date', [4]],
      ['bad_date', [5]],
    ]);
  });

  it('keeps rows whose date or word count cannot be read, without it', () => {
    const text = 'url,date,words\nhttps://e.org/1,soon,many\nhttps://e.org/2,2024-02-30,-5\nhttps://e.org/3,,12.5';
    expect(parseCsvInventory(text).items.every((item) => !('published' in item) && !('wordCount' in item))).toBe(true);
    expect(reasons(text)).toMatchObject({ bad_date: { lines: [2, 3] }, bad_word_count: { lines: [2, 3, 4] } });
  });

  it('cuts very long cells at a whole character and reports them', () => {
    const tags = Array.from({ length: 60 }, (_, index) => `t${index}`).join('|');
    const text = `url,title,excerpt,tags\nhttps://e.org/1,${'x'.repeat(499)}😀y,${'e'.repeat(3000)},${tags}\n`;
    const { items, report } = parseCsvInventory(text);
    expect(items[0]?.title).toBe('x'.repeat(499));
    expect(items[0]?.excerpt).toHaveLength(2000);
    expect(items[0]?.tags).toHaveLength(50);
    expect(report.reasons).toMatchObject([{ code: 'field_cut', count: 1, lines: [2] }]);
  });

  it('survives a line of ten million characters', () => {
    const { items } = parseCsvInventory(
      `url,title\nhttps://e.org/1,"${'long '.repeat(2_000_000)}"\nhttps://e.org/2,Two\n`,
    );
    expect(items.map(({ title }) => title.length)).toEqual([499, 3]);
  });

  it('skips rows beyond 200,000 with the reason', () => {
    const rows = Array.from({ length: 200_002 }, (_, index) => `https://e.org/${index}`).join('\n');
    const { items, report } = parseCsvInventory(`url\n${rows}`);
    expect(items).toHaveLength(200_000);
    expect(report).toMatchObject({ read: 200_002, kept: 200_000, skipped: 2 });
    expect(report.reasons.find(({ code }) => code === 'too_many_rows')?.lines).toEqual([200_002, 200_003]);
  });

  it('takes 500 columns and refuses 501', () => {
    const header = (count: number) =>
      ['url', ...Array.from({ length: count - 1 }, (_, index) => `c${index}`)].join(',');
    expect(parseCsvInventory(`${header(500)}\nhttps://e.org/`).items).toHaveLength(1);
    expect(refusalOf(`${header(501)}\nhttps://e.org/`)).toMatchObject({ code: 'too_many_columns', line: 1 });
  });

  it.each([
    ['no column of addresses', 'headline,text\na,b', /"headline", "text"/],
    ['no header', 'https://e.org/,A\nhttps://e.org/b,B', /first line holds a page/],
    ['no rows', 'url,title\n\n', /no rows/],
    ['a broken header', 'url,"title\nhttps://e.org/,x', /quotation mark/],
    ['nothing below sep=', 'sep=,\n', /no lines below/],
  ])('refuses a file with %s and says so', (_, text, detail) => {
    const refusal = refusalOf(text);
    expect(refusal.code).toBe('unreadable_file');
    expect(refusal.detail).toMatch(detail);
  });

  it('reports rows that use another separator than the header', () => {
    const text = 'url,title\nhttps://e.org/1;One\nhttps://e.org/2,Two';
    const { items } = parseCsvInventory(text);
    expect(items.at(-1)).toMatchObject({ url: 'https://e.org/2', title: 'Two' });
    expect(reasons(text)).toMatchObject({ other_separator: { count: 1, lines: [2] } });
  });
});

describe('an export of searches', () => {
  it.each(['Top pages,Clicks,Impressions,CTR,Position', 'Häufigste Seiten,Klicks,Impressionen,CTR,Position'])(
    'is not taken for an inventory: %s',
    (header) => {
      const text = `${header}\nhttps://acme.example/,10,100,10%,3.2\n`;
      expect(() => parseCsvInventory(text)).toThrow(/export of search results/);
    },
  );
});
