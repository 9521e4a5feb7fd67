import { describe, expect, it } from '@jest/globals';
import type { ContentItem } from '@throughline/strategy-contract';
import { findBrands } from './brand-words.js';
import { cleanText } from './clean-text.js';
import { readCorpus } from './corpus.js';
import { chooseName, rankTerms } from './name-group.js';
import { matchPages } from './page-index.js';
import { stem } from './stem.js';
import { surfaceForms } from './surface-forms.js';
import { tokenize } from './tokenize.js';
import { cosine, weighTerms } from './weigh-terms.js';

const page = (title: string, excerpt = '', tags: string[] = []): ContentItem => ({
  url: `https://a.example/${title}`,
  title,
  excerpt,
  tags,
});

describe('cleanText', () => {
  it('decodes entities and drops markup, addresses and Markdown marks', () => {
    expect(
      cleanText(
        'Q&amp;A: **bold** <em>and</em>&nbsp;[linked](https://x.example/y) &#8220;text&#8221; https://z.example',
      ),
    ).toBe('Q&A: bold and linked "text"');
  });
});

describe('stem', () => {
  it.each([
    ['policies', 'policy'],
    ['designers', 'design'],
    ['designing', 'design'],
    ['boxes', 'box'],
    ['running', 'run'],
  ])('brings %s and %s together', (a, b) => expect(stem(a)).toBe(stem(b)));

  it.each(['analysis', 'analytics', 'status', 'business', 'data', 'bus'])('leaves the end of %s', (word) => {
    expect(stem(word).startsWith(word.slice(0, 3))).toBe(true);
    expect(stem(word)).toBe(stem(stem(word)));
  });
});

describe('tokenize', () => {
  it('keeps names with a dot, splits hyphens, and drops bare numbers and possessives', () => {
    expect(tokenize("Cloud.gov's user-centered team in 2019").map(({ surface }) => surface)).toEqual([
      'Cloud.gov',
      'user',
      'centered',
      'team',
      'in',
    ]);
  });

  it('drops the number of a part, and marks what is only half of a word with a hyphen', () => {
    expect(tokenize('Senior executives part 3: getting buy-in').map(({ lower }) => lower)).not.toContain('part');
    expect(tokenize('A buy-in to buy').map(({ lower, isCompound }) => [lower, isCompound])).toContainEqual([
      'buy',
      true,
    ]);
    expect(tokenize('Spare part').map(({ lower }) => lower)).toContain('part');
  });

  it('lets no phrase reach over a comma', () => {
    const [first, second] = tokenize('agile, procurement');
    expect((second?.position ?? 0) - (first?.position ?? 0)).toBeGreaterThan(1);
  });
});

describe('readCorpus', () => {
  it('leaves out the names of the site, and sentences that stand on many pages', () => {
    const notice = 'This post first came out on the company newsletter last year.';
    const items = ['Pumps', 'Valves', 'Motors', 'Filters'].map((word) =>
      page(`${word} at Fieldnote`, `${word} wear. ${notice}`),
    );
    const brands = findBrands([{ name: 'Fieldnote blog', urls: items.map(({ url }) => url) }]);
    const { documentFrequency } = readCorpus(items, { brands });
    expect(documentFrequency.has(stem('fieldnote'))).toBe(false);
    expect(documentFrequency.has(stem('newsletter'))).toBe(false);
    expect(documentFrequency.get(stem('pumps'))).toBe(1);
  });

  it('drops a name of several words only where it stands whole', () => {
    const brands = findBrands([{ name: 'Harbor Analytics', urls: ['https://harboranalytics.example/a'] }]);
    const { documentFrequency } = readCorpus([page('Harbor Analytics and you'), page('Analytics dashboards')], {
      brands,
    });
    expect(documentFrequency.get(stem('analytics'))).toBe(1);
  });

  it('drops the stop words of another language where the pages are in it', () => {
    const { documentFrequency } = readCorpus([
      page('Wartung der Pumpen', 'Die Wartung der Pumpen ist nicht einfach und wird oft vergessen.'),
    ]);
    expect(documentFrequency.has(stem('nicht'))).toBe(false);
    expect([...documentFrequency.keys()]).toContain(stem('wartung'));
  });

  it('reads tags only where asked', () => {
    const items = [page('Pumps', '', ['spare-parts'])];
    expect(readCorpus(items).documentFrequency.has('spar part')).toBe(false);
    expect(
      [...readCorpus(items, { isWithTags: true }).documentFrequency.keys()].some((term) => term.includes(' ')),
    ).toBe(true);
  });
});

describe('weighTerms', () => {
  it('gives rows of length 1, and a cosine of 1 to itself', () => {
    const corpus = readCorpus([page('Pumps and valves'), page('Valves and motors')]);
    const { rows } = weighTerms(corpus, { minDocuments: 1, maxShare: 1, longestPhrase: 1 });
    for (const row of rows) expect(cosine(row, row)).toBeCloseTo(1, 10);
    expect(cosine(rows[0] as (typeof rows)[0], rows[1] as (typeof rows)[0])).toBeGreaterThan(0.1);
  });
});

describe('matchPages', () => {
  const corpus = readCorpus([
    page('Modular contracting in practice'),
    page('Contracting officers'),
    page('Closing work orders'),
    page('Gardening'),
  ]);

  it('finds pages that hold most of what is asked, best first', () => {
    expect(matchPages(corpus, 'How to run modular contracting').map(({ page: at }) => at)[0]).toBe(0);
  });

  it('finds nothing where no word is shared', () => {
    expect(matchPages(corpus, 'Solar energy')).toEqual([]);
  });

  it('takes a phrase of everyday words for a word', () => {
    expect(matchPages(corpus, 'work orders').map(({ page: at }) => at)).toEqual([2]);
  });
});

describe('names of groups', () => {
  const subjects = ['Banks', 'Schools', 'Parks', 'Museums', 'Clinics', 'Libraries'];
  const items = [
    ...subjects.map((subject) =>
      page(`User-centered design for ${subject}`, `${subject} practise user-centered design with APIs.`),
    ),
    ...subjects.map((subject) => page(`Procurement for ${subject}`, `${subject} buy software.`)),
  ];
  const corpus = readCorpus(items);

  it('prefers a phrase that most pages of the group hold', () => {
    const [best] = chooseName(rankTerms(corpus, [0, 1, 2, 3, 4, 5]), 6);
    expect(surfaceForms(corpus, new Set([best?.term ?? ''])).get(best?.term ?? '')).toBe('user-centered design');
  });

  it('names nothing by words that stand only in running text', () => {
    const pages = ['Pumps', 'Fans', 'Belts', 'Ovens', 'Lifts', 'Doors'].flatMap((subject) => [
      page(`Servicing ${subject}`, `Servicing ${subject} pays off when intervals fit.`),
      page(`Buying ${subject}`, `${subject} cost money.`),
    ]);
    const texts = readCorpus(pages);
    const named = rankTerms(texts, [0, 2, 4, 6, 8, 10]).map(({ term }) => term);
    expect(named).toContain(stem('servicing'));
    expect(named.join(' ')).not.toMatch(/interv|fit/);
  });

  it('writes words as their pages do', () => {
    expect(surfaceForms(corpus, new Set([stem('apis')])).get(stem('apis'))).toBe('APIs');
  });
});
