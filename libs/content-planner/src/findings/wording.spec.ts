import { describe, expect, it } from '@jest/globals';
import { computed, stated } from './figures.js';
import { formatPlural, languageName, lowerFirst, quote, say, withArticle } from './wording.js';

describe('quote', () => {
  it('puts what is quoted within in single marks, and drops the full stop', () => {
    expect(quote('Refresh “Work orders”.')).toBe('“Refresh ‘Work orders’”');
    expect(quote('The "new" way')).toBe('“The ‘new’ way”');
  });
});

describe('say', () => {
  it('says a unit in words', () => {
    expect(say(computed(3.94, 'pages/month', 'm'))).toBe('3.94 pages a month');
    expect(say(computed(1, 'statements', 'm'))).toBe('1 statement');
    expect(say(computed(2.143, 'times', 'm'))).toBe('2.14 times');
  });

  it('keeps the decimals of a rate that is divided by', () => {
    expect(say(stated(0.021, 'rate'))).toBe('2.1%');
    expect(say(computed(0.421, 'share', 'm'))).toBe('42%');
  });
});

describe('words', () => {
  it('keep the capitals of names and abbreviations', () => {
    expect(['Spare parts', 'API design', 'Federal Front Door', 'APIs'].map(lowerFirst)).toEqual([
      'spare parts',
      'API design',
      'Federal Front Door',
      'APIs',
    ]);
  });

  it('have their article, their plural and their name', () => {
    expect([withArticle('article'), withArticle('guide')]).toEqual(['an article', 'a guide']);
    expect([formatPlural('case_study'), formatPlural('social')]).toEqual(['case studies', 'social formats']);
    expect([languageName('es'), languageName('pt-BR'), languageName('abc-x1')]).toEqual([
      'Spanish',
      'Brazilian Portuguese',
      'abc-x1',
    ]);
  });
});
